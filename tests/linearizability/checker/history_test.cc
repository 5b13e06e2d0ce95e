// The text of a history: what is printed reads back as it was, and what isn't one is refused with its line.
#include "history.h"

#include <gtest/gtest.h>

namespace insula::linearizability {
namespace {

TEST(History, IsPrintedAsItIsRead) {
  constexpr std::string_view kText = R"(window 7-account
start a n=0,v=1
start b -
start c +
c1 100 130 done put a item:n=0,v=2 if:v=1 old:n=0,v=1
c2 110 - unknown update a set:v=3 add:n=-1 remove:w if:exists if:n<7 ; delete b if:n>=2
c3 111 140 refused put a item:v=9 if:absent unmet ; check b if:absent old:- met
c4 112 150 done read a if:w=3 saw:- ; read b saw:+
c5 113 160 done update a set:v=4 updated-old:v=3
c5 170 180 done update a add:n=1 updated-new:n=8
c5 190 195 done update a add:n=1 new:n=9,v=4
)";
  const Result<std::vector<Window>> windows = ParseHistory(kText);
  ASSERT_TRUE(windows.ok()) << windows.error().message();
  ASSERT_EQ(windows->size(), 1u);
  EXPECT_EQ(Print(windows->front()), kText);
}

TEST(History, CommentsAndEmptyLinesSayNothing) {
  const Result<std::vector<Window>> windows = ParseHistory("# about\n\nwindow 1\n c1 1 2 done read a saw:- # a read\n");
  ASSERT_TRUE(windows.ok()) << windows.error().message();
  EXPECT_EQ(windows->front().operations.size(), 1u);
}

TEST(History, WhatIsNotOneIsRefusedWithItsLine) {
  auto refusal = [](std::string_view text) {
    const Result<std::vector<Window>> windows = ParseHistory(text);
    return windows.ok() ? "read" : windows.error().message();
  };
  EXPECT_EQ(refusal("c1 1 2"), "line 1: an operation is CLIENT START END OUTCOME ACTION KEY: \"c1\"");
  EXPECT_EQ(refusal("\nc1 1 x done read a saw:-"), "line 2: not a whole number: \"x\"");
  EXPECT_EQ(refusal("c1 3 2 done read a saw:-"), "line 1: ends before it starts: \"2\"");
  EXPECT_EQ(refusal("c1 1 - done read a saw:-"), "line 1: what was answered has an end: \"-\"");
  EXPECT_EQ(refusal("c1 1 2 gone read a saw:-"), "line 1: not an outcome: \"gone\"");
  EXPECT_EQ(refusal("c1 1 2 done steal a saw:-"), "line 1: not an action: \"steal\"");
  EXPECT_EQ(refusal("c1 1 2 done read a heard:-"), "line 1: not a clause: \"heard:-\"");
  EXPECT_EQ(refusal("c1 1 2 done read a saw:v"), "line 1: not NAME=NUMBER: \"v\"");
  EXPECT_EQ(refusal("c1 1 2 done read a saw:- ; read a saw:-"), "line 1: a key twice in one operation: \"a\"");
}

TEST(Independent, KeepsTogetherWhatOperationsJoin) {
  const Result<std::vector<Window>> windows = ParseHistory(R"(window 1
start a v=1
start d v=2
start e v=3
c1 1 2 done read a saw:v=1 ; read b saw:-
c1 3 4 done put b item:v=5 ; put c item:v=6
c1 5 6 done read d saw:v=2
c1 7 8 done read c saw:v=6
)");
  ASSERT_TRUE(windows.ok());
  const std::vector<Window> parts = Independent(windows->front());
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].operations.size() + parts[1].operations.size(), 4u);
  const Window& lone = parts[0].operations.size() == 1 ? parts[0] : parts[1];
  EXPECT_EQ(Print(lone), "window 1\nstart d v=2\nc1 5 6 done read d saw:v=2\n");
}

}  // namespace
}  // namespace insula::linearizability
