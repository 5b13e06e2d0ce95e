// A bulk put's rate: no more than it was given, over any second, and none of it lost by a wrong estimate.
#include "transfer/pacer.h"

#include <gtest/gtest.h>

namespace insula::transfer {
namespace {

using std::chrono::milliseconds;
using Time = Pacer::Time;

constexpr HalfUnits kUnit{2};

TEST(Pacer, WithoutARateNothingWaits) {
  Pacer pacer(std::nullopt);
  const Time now{std::chrono::hours(1)};
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(pacer.Take(kUnit, now), now);
}

TEST(Pacer, LetsThroughARatesWorth) {
  Pacer pacer(1000);
  Time now{std::chrono::hours(1)};
  const Time begin = now;
  for (int i = 0; i < 5000; ++i) now = std::max(now, pacer.Take(kUnit, now));
  EXPECT_GE(now - begin, milliseconds(4900)) << "a tenth of a second's units may go at once";
  EXPECT_LE(now - begin, milliseconds(5000));
}

TEST(Pacer, ARestIsNotMadeUpFor) {
  Pacer pacer(1000);
  Time now{std::chrono::hours(1)};
  pacer.Take(kUnit, now);
  now += std::chrono::seconds(60);
  const Time begin = now;
  for (int i = 0; i < 1000; ++i) now = std::max(now, pacer.Take(kUnit, now));
  EXPECT_GE(now - begin, milliseconds(900));
}

TEST(Pacer, WhatAPutReallyCostCounts) {
  Pacer pacer(1000);
  const Time now{std::chrono::hours(1)};
  const Time first = pacer.Take(kUnit, now);
  pacer.Correct(kUnit, kUnit * 11);
  EXPECT_EQ(pacer.Take(kUnit, now) - first, milliseconds(11));
  pacer.Correct(kUnit, HalfUnits());
  EXPECT_EQ(pacer.Take(kUnit, now) - first, milliseconds(11)) << "one that cost nothing gave its unit back";
}

}  // namespace
}  // namespace insula::transfer
