#include "filter_program.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace madoguchi::cli {
namespace {

using How = Ended::How;

TEST(FilterProgram, GetsItsWholeInputAndGivesItsStatus) {
  const Interrupts interrupts;
  const auto file = std::filesystem::temp_directory_path() / ("filter-" + std::to_string(::getpid()));
  const std::string input(300'000, 'x');  // more than a pipe holds
  const auto ended = run_filter({"/usr/bin/dd", "of=" + file.string(), "status=none"}, input, interrupts);
  EXPECT_EQ(ended.how, How::exited);
  EXPECT_EQ(ended.status, 0);
  std::ifstream written(file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(written), {}), input);
  std::filesystem::remove(file);
}

TEST(FilterProgram, ThatDoesNotReadOrDoesNotExistKeepsNobodyWaiting) {
  const Interrupts interrupts;
  const auto unread = run_filter({"/bin/false"}, std::string(300'000, 'x'), interrupts);
  EXPECT_EQ(unread.how, How::exited);
  EXPECT_EQ(unread.status, 1);
  const auto missing = run_filter({"/no/such/program"}, "", interrupts);
  EXPECT_EQ(missing.how, How::not_started);
  EXPECT_EQ(missing.status, ENOENT);
}

TEST(FilterProgram, ThatASignalEndsIsNotTakenForDone) {
  const Interrupts interrupts;
  const auto ended = run_filter({"/bin/sh", "-c", "kill -KILL $$"}, "", interrupts);
  EXPECT_EQ(ended.how, How::killed);
  EXPECT_EQ(ended.status, SIGKILL);
}

TEST(FilterProgram, IsEndedByAnInterrupt) {
  const Interrupts interrupts;
  ASSERT_EQ(::raise(SIGINT), 0);
  EXPECT_EQ(run_filter({"/bin/sleep", "1000"}, "", interrupts).how, How::interrupted);
}

}  // namespace
}  // namespace madoguchi::cli
