#include "base/turns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace insula {
namespace {

using ::testing::ElementsAre;

// All that may begin now, in order.
std::vector<std::string> TakeAll(Turns<std::string, std::string>* turns) {
  std::vector<std::string> taken;
  while (auto next = turns->Take()) taken.push_back(next->second);
  return taken;
}

// One after the other, each done before the next begins.
std::vector<std::string> WorkOff(Turns<std::string, std::string>* turns, std::size_t count) {
  std::vector<std::string> done;
  for (; count > 0; --count) {
    const auto next = turns->Take();
    if (!next) break;
    done.push_back(next->second);
    turns->Done(next->first);
  }
  return done;
}

TEST(Turns, OwnersTakeTurnsAndEachKeepsItsOrder) {
  Turns<std::string, std::string> turns({1, 1});
  for (const char* item : {"a1", "a2", "a3", "a4"}) turns.Push("a", item);
  for (const char* item : {"b1", "b2"}) turns.Push("b", item);
  turns.Push("c", "c1");
  EXPECT_THAT(WorkOff(&turns, 9), ElementsAre("a1", "b1", "c1", "a2", "b2", "a3", "a4"));
  EXPECT_EQ(turns.waiting(), 0u);
}

TEST(Turns, ANewcomerWaitsOneRoundHoweverMuchThereIs) {
  Turns<std::string, std::string> turns({1, 1});
  for (int i = 0; i < 1000; ++i) {
    turns.Push("a", "a");
    turns.Push("b", "b");
  }
  WorkOff(&turns, 100);
  turns.Push("quiet", "quiet");
  EXPECT_THAT(WorkOff(&turns, 3), ElementsAre("a", "b", "quiet"));
}

TEST(Turns, WhoComesBackWithOneAtATimeGetsItsRoundAndNoMore) {
  Turns<std::string, std::string> turns({1, 1});
  for (int i = 0; i < 10; ++i) turns.Push("a", "a");
  std::vector<std::string> done;
  for (int i = 0; i < 3; ++i) {
    turns.Push("b", "b");
    for (std::string& item : WorkOff(&turns, 2)) done.push_back(std::move(item));
  }
  EXPECT_THAT(done, ElementsAre("a", "b", "a", "b", "a", "b"));
}

TEST(Turns, OneOwnerHasSoManyPlacesAndHalfAreForNewcomers) {
  Turns<std::string, std::string> turns({4, 3});
  for (const char* item : {"a1", "a2", "a3", "a4", "a5"}) turns.Push("a", item);
  EXPECT_THAT(TakeAll(&turns), ElementsAre("a1", "a2")) << "half of four";
  for (const char* item : {"b1", "b2"}) turns.Push("b", item);
  for (const char* item : {"c1", "c2"}) turns.Push("c", item);
  turns.Push("d", "d1");
  EXPECT_THAT(TakeAll(&turns), ElementsAre("b1", "c1"));
  turns.Done("a");
  EXPECT_THAT(TakeAll(&turns), ElementsAre("d1")) << "who has nothing in hand comes first";
  turns.Done("a");
  EXPECT_THAT(TakeAll(&turns), ElementsAre("a3")) << "and again, once it has nothing";
  turns.Done("b");
  turns.Done("c");
  turns.Done("a");
  EXPECT_EQ(turns.in_hand(), 1u);
  EXPECT_THAT(TakeAll(&turns), ElementsAre("b2", "c2", "a4"));
}

TEST(Turns, OneAloneHasAllThatOneMayHave) {
  Turns<std::string, std::string> turns({8, 3});
  for (const char* item : {"a1", "a2", "a3", "a4", "a5"}) turns.Push("a", item);
  EXPECT_THAT(TakeAll(&turns), ElementsAre("a1", "a2", "a3"));
  turns.Done("a");
  EXPECT_THAT(TakeAll(&turns), ElementsAre("a4"));
}

TEST(Turns, NoPlaceIsKeptForNewcomersWhereNoneIsAskedFor) {
  Turns<std::string, std::string> turns({.all = 2, .of_one = 2, .half_for_newcomers = false});
  for (const char* item : {"a1", "a2", "a3"}) turns.Push("a", item);
  EXPECT_THAT(TakeAll(&turns), ElementsAre("a1", "a2"));
  turns.Push("b", "b1");
  turns.Done("a");
  EXPECT_THAT(TakeAll(&turns), ElementsAre("b1")) << "who has nothing in hand still comes first";
}

TEST(Turns, WhatIsPutFirstIsItsOwnersNextAndNobodyElses) {
  Turns<std::string, std::string> turns({1, 1});
  turns.Push("b", "b1");
  for (const char* item : {"a1", "a2", "a3"}) turns.Push("a", item);
  turns.PutFirst("a", [](const std::string& item) { return item == "a3"; });
  turns.PutFirst("a", [](const std::string& item) { return item == "gone"; });
  turns.PutFirst("nobody", [](const std::string&) { return true; });
  EXPECT_THAT(WorkOff(&turns, 4), ElementsAre("b1", "a3", "a1", "a2"));
}

TEST(Turns, ClearForgetsWhatWaitsAndKeepsWhatIsInHand) {
  Turns<std::string, std::string> turns({2, 1});
  turns.Push("a", "a1");
  turns.Push("a", "a2");
  turns.Push("b", "b1");
  EXPECT_THAT(WorkOff(&turns, 0), ElementsAre());
  ASSERT_TRUE(turns.Take());
  turns.Clear();
  EXPECT_EQ(turns.waiting(), 0u);
  EXPECT_EQ(turns.in_hand(), 1u);
  EXPECT_FALSE(turns.Take());
  turns.Done("a");
  turns.Push("a", "a3");
  EXPECT_THAT(TakeAll(&turns), ElementsAre("a3"));
}

}  // namespace
}  // namespace insula
