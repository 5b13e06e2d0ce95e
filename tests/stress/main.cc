// tests/stress/run's program: `insula_stress --minutes N --seed S --directory DIR`, or, for itself, `--subject FD`.
#include <sys/resource.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "tests/stress/setup.h"
#include "tests/stress/subject.h"
#include "tests/stress/tester.h"

namespace insula::stress {
namespace {

using std::chrono::steady_clock;

constexpr int kRoundsOfALife = 40;
constexpr int kLivesAtMost = 1'000'000;
constexpr std::chrono::seconds kToFindABug{60};

struct Arguments {
  double minutes = 1;
  std::uint64_t seed = 1;
  std::string directory = "/tmp";
  std::string bug;
  bool planted = false, roomy = false, keep = false, faults = true;
  int lives = kLivesAtMost;
};

double SecondsSince(steady_clock::time_point start) {
  return std::chrono::duration<double>(steady_clock::now() - start).count();
}

// One life after the other, each with a seed of its own, until the time is over. What was wrong, if anything.
std::optional<std::string> RunLives(const Arguments& arguments, const std::string& bug, steady_clock::time_point until,
                                    bool report) {
  for (int life = 0; life < arguments.lives && (life == 0 || steady_clock::now() < until); ++life) {
    Options options;
    options.seed = arguments.seed + static_cast<std::uint64_t>(life);
    options.directory = fmt::format("{}/{}", arguments.directory, options.seed);
    options.bug = bug;
    options.roomy = arguments.roomy;
    options.faults = arguments.faults;
    std::filesystem::remove_all(options.directory);
    std::filesystem::create_directories(options.directory);
    std::string wrong;
    {
      Tester tester(options);
      try {
        tester.Run(until, kRoundsOfALife);
      } catch (const Violation& violation) {
        wrong = violation.what();
      }
      if (report) fmt::print("seed {}: {}\n", options.seed, tester.counts().Text());
    }
    std::fflush(stdout);
    if (!wrong.empty()) return wrong + (arguments.keep ? "\n  kept: " + options.directory : "");
    std::filesystem::remove_all(options.directory);
  }
  return std::nullopt;
}

int RunPlanted(const Arguments& arguments) {
  int found = 0, missed = 0;
  for (const std::string_view bug : kBugs) {
    if (!arguments.bug.empty() && arguments.bug != bug) continue;
    const auto start = steady_clock::now();
    const auto wrong = RunLives(arguments, std::string(bug), start + kToFindABug, false);
    if (wrong) {
      ++found;
      fmt::print("{}: found after {:.1f} s: {}\n", bug, SecondsSince(start), wrong->substr(0, wrong->find('\n')));
    } else {
      ++missed;
      fmt::print("{}: NOT FOUND in {:.1f} s\n", bug, SecondsSince(start));
    }
    std::fflush(stdout);
  }
  fmt::print("{} passed, {} failed\n", found, missed);
  return missed == 0 ? 0 : 1;
}

int Usage() {
  fmt::print(stderr,
             "insula_stress [--minutes N] [--seed S] [--directory DIR] [--lives N] [--roomy] [--no-faults] [--keep]\n"
             "insula_stress --planted [--bug NAME] [--seed S] [--directory DIR]\n");
  return 2;
}

int Main(int argc, char** argv) {
  Arguments arguments;
  const auto started = steady_clock::now();
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    const auto value = [&] { return std::string(i + 1 < argc ? argv[++i] : ""); };
    if (name == "--subject") return RunSubject(std::stoi(value()));
    if (name == "--minutes") {
      arguments.minutes = std::stod(value());
    } else if (name == "--seed") {
      arguments.seed = std::stoull(value());
    } else if (name == "--lives") {
      arguments.lives = std::stoi(value());
    } else if (name == "--directory") {
      arguments.directory = value();
    } else if (name == "--bug") {
      arguments.bug = value();
    } else if (name == "--planted") {
      arguments.planted = true;
    } else if (name == "--roomy") {
      arguments.roomy = true;
    } else if (name == "--no-faults") {
      arguments.faults = false;
    } else if (name == "--keep") {
      arguments.keep = true;
    } else {
      return Usage();
    }
  }
  if (arguments.planted) return RunPlanted(arguments);
  const auto until = started + std::chrono::duration_cast<steady_clock::duration>(
                                   std::chrono::duration<double>(arguments.minutes * 60));
  const auto wrong = RunLives(arguments, arguments.bug, until, true);
  if (wrong) {
    fmt::print("VIOLATION after {:.1f} s: {}\n1 violations\n0 passed, 1 failed\n", SecondsSince(started), *wrong);
    return 1;
  }
  fmt::print("{:.0f} s, 0 violations\n1 passed, 0 failed\n", SecondsSince(started));
  return 0;
}

}  // namespace
}  // namespace insula::stress

int main(int argc, char** argv) { return insula::stress::Main(argc, argv); }
