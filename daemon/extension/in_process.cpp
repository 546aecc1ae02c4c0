#include "in_process.hpp"

#include <fcntl.h>

#include <string>

#include "library.hpp"
#include "said.hpp"

namespace madoguchi::extension {
namespace {

using Clock = std::chrono::steady_clock;

class InProcess final : public Running {
 public:
  explicit InProcess(std::unique_ptr<Library> library) : library_(std::move(library)) {}

  // A call in this process cannot be ended from outside: that it was late is noticed, and its answer dropped.
  base::Result<std::string> ask(Verb verb, std::string_view request,
                                std::chrono::milliseconds deadline) override {
    const auto begun = Clock::now();
    auto answer = library_->call(verb, request);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun);
    if (took <= deadline) return answer;
    return base::make_fault(base::Code::plugin_timeout,
                            std::string(to_text(verb)) + " took " + std::to_string(took.count()) + " ms, " +
                                std::to_string(deadline.count()) + " are allowed");
  }

 private:
  std::unique_ptr<Library> library_;
};

}  // namespace

base::Result<std::unique_ptr<Running>> start_in_process(const Admitted& admitted, base::Log& log) {
  Descriptor own(::fcntl(admitted.bytes.get(), F_DUPFD_CLOEXEC, 3));
  if (!own.open()) return base::make_fault(base::Code::plugin_failed, "no descriptor left");
  auto library = Library::load(std::move(own), admitted.manifest, log_lines(log, admitted.manifest.name));
  if (!library) return library.error();
  return std::unique_ptr<Running>(std::make_unique<InProcess>(std::move(*library)));
}

}  // namespace madoguchi::extension
