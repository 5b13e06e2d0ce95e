// Ten thousand tenants (a third of it where the build isn't optimized): they load, and one of them is found as fast as
// the only one.
#include <gtest/gtest.h>

#include <ctime>
#include <iostream>

#include "tenancy/testing/world.h"

namespace insula::tenancy {
namespace {

using testing::Await;
using testing::Definition;
using testing::Must;
using testing::Names;
using testing::World;

template <class F>
double SecondsOf(F f) {
  // The thread's own time, so that a busy machine doesn't count.
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  };
  const double start = now();
  f();
  return now() - start;
}

double NanosecondsPerFind(const World& world, const std::vector<ContextNames>& tenants) {
  constexpr int kFinds = 200'000;
  std::size_t found = 0;
  const double seconds = SecondsOf([&] {
    for (int i = 0; i < kFinds; ++i) {
      // A stride that is coprime to the count: no order that a cache could like.
      const ContextNames& names = tenants[static_cast<std::size_t>(i) * 7919 % tenants.size()];
      const auto context = world.catalog->ContextOf(names);
      const auto table = world.catalog->Find(*context, "Products");
      found += table.ok() ? 1u : 0u;
    }
  });
  EXPECT_EQ(found, static_cast<std::size_t>(kFinds));
  return seconds * 1e9 / kFinds;
}

#ifdef __OPTIMIZE__
constexpr std::size_t kTenants = 10'000;
#else
constexpr std::size_t kTenants = 3'000;
#endif

TEST(ScaleTest, ManyPooledTenants) {
  World world;
  world.Service("prod", "catalog", PartitionModel::kIndex);
  world.Template("prod", "catalog", Definition("Products"));
  std::vector<ContextNames> tenants;
  const auto add = [&] {
    tenants.push_back(Names("prod", "catalog", "tenant-" + std::to_string(tenants.size())));
    world.Tenant("prod", "catalog", tenants.back().tenant->value());
  };
  add();
  world.Provision();
  const double one = NanosecondsPerFind(world, tenants);
  while (tenants.size() < kTenants) add();
  const double load = SecondsOf([&] { world.Reopen(); });
  const double many = NanosecondsPerFind(world, tenants);
  std::cout << "ContextOf + Find: " << one << " ns for one tenant, " << many << " ns for " << kTenants
            << "; load: " << load << " s\n";
  // Generous bounds: an unoptimized build on a busy machine passes, a linear search or a copied map doesn't.
  EXPECT_LT(load, 60.0);
  EXPECT_LT(many, 20.0 * one + 20'000);
  EXPECT_EQ(world.intents->Pending().size(), tenants.size() - 1) << "all but the first are yet to be ACTIVE";
}

}  // namespace
}  // namespace insula::tenancy
