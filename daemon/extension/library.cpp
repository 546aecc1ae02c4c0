#include "library.hpp"

#include <dlfcn.h>

#define BOOST_DLL_USE_STD_FS
#include <boost/dll/shared_library.hpp>
#include <exception>

#include "abi_check.hpp"
#include "base/json.hpp"
#include "extension/answers.hpp"
#include "madoguchi/abi.h"
#include "said.hpp"
#include "section_schema.hpp"

namespace madoguchi::extension {
namespace {

using base::Code;
using base::make_fault;

struct Answer {
  std::string text;
  bool cut = false;  // what is there may look whole
};

int32_t write_answer(void* state, const char* data, std::size_t size) {
  auto& answer = *static_cast<Answer*>(state);
  if (data == nullptr || size > longest_answer - answer.text.size()) answer.cut = true;
  if (answer.cut) return 1;
  answer.text.append(data, size);
  return 0;
}

void write_log(void* state, int32_t level, const char* line, std::size_t size) {
  // One byte more than is kept, so that it shows that something was cut.
  if (line != nullptr) (*static_cast<LogLine*>(state))(level, {line, std::min(size, longest_said + 1)});
}

// What a plugin says about why not.
std::string reason_in(const std::string& answer) {
  boost::json::value document;
  const auto* object = base::parse_json(answer, document) ? nullptr : document.if_object();
  const auto* reason = object == nullptr ? nullptr : object->if_contains("error");
  if (reason == nullptr || !reason->is_string()) return "without a reason";
  return std::string(reason->get_string());
}

// The member `section` of a document, which `into` then holds; nullptr if there is none to be read.
const boost::json::object* section_in(std::string_view document, boost::json::value& into) {
  if (base::parse_json(document, into) || !into.is_object()) return nullptr;
  const auto* section = into.get_object().if_contains("section");
  return section == nullptr ? nullptr : section->if_object();
}

class LoadedLibrary final : public Library {
 public:
  LoadedLibrary(Descriptor bytes, std::string path, LogLine log)
      : bytes_(std::move(bytes)), path_(std::move(path)), log_(std::move(log)) {}
  LoadedLibrary(const LoadedLibrary&) = delete;
  LoadedLibrary& operator=(const LoadedLibrary&) = delete;

  ~LoadedLibrary() override {
    if (created_) {
      try {
        plugin_->destroy(instance_);
      } catch (...) {
        log_(MADOGUCHI_LOG_ERROR, "destroy() threw");
      }
    }
    if (!shared_.is_loaded()) return;
    shared_.unload();
    // Whether it is really gone: a library that stays keeps its bytes, so that their path is never another
    // one's.
    if (void* still = ::dlopen(path_.c_str(), RTLD_LAZY | RTLD_NOLOAD); still != nullptr) {
      ::dlclose(still);
      bytes_.abandon();
      log_(MADOGUCHI_LOG_WARNING, "still mapped after it was unloaded");
    }
  }

  base::Result<void> open(const Manifest& manifest) {
    std::error_code error;
    shared_.load(path_, error, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    if (error) return make_fault(Code::plugin_failed, "library: " + error.message());
    if (!shared_.has(MADOGUCHI_QUERY_SYMBOL)) {
      return make_fault(Code::plugin_failed,
                        "library: the function " MADOGUCHI_QUERY_SYMBOL " is not exported");
    }
    try {
      plugin_ = shared_.get<std::remove_pointer_t<MadoguchiQuery>>(MADOGUCHI_QUERY_SYMBOL)();
    } catch (...) {
      return make_fault(Code::plugin_failed, "the query function threw");
    }
    if (auto why = objection(plugin_, manifest); !why.empty()) {
      plugin_ = nullptr;
      return make_fault(Code::plugin_failed, "ABI: " + why);
    }
    return {};
  }

  base::Result<std::string> call(Verb verb, std::string_view request) override {
    auto answer = plain(verb, request);
    return verb == Verb::check && answer ? with_schema(request, std::move(*answer)) : std::move(answer);
  }

 private:
  // A section that the plugin has nothing against has to be as its own schema says, too.
  base::Result<std::string> with_schema(std::string_view request, std::string answer) {
    const auto said = parse_check(answer);
    if (!said || !said->complaints.empty()) return answer;
    boost::json::value asked;
    const auto* section = section_in(request, asked);
    // Unread, it must not count as looked at.
    if (section == nullptr) return request_refused("check: the request has no section that can be read");
    const auto about = plain(Verb::describe, {});
    if (!about) return about.error();
    boost::json::value description;
    const auto* schema = section_in(*about, description);
    if (schema == nullptr)
      return make_fault(Code::plugin_failed, "describe: it gives no schema of its section");
    const auto wrong = violations(*schema, *section);
    if (!wrong) return wrong.error();
    if (wrong->empty()) return answer;
    return check_answer({*wrong, said->notices});
  }

  base::Result<std::string> plain(Verb verb, std::string_view request) {
    Answer answer;
    const MadoguchiWriter writer{sizeof(MadoguchiWriter), &answer, &write_answer};
    MadoguchiStatus status = MADOGUCHI_FAILED;
    try {
      status = through(verb, {request.data(), request.size()}, writer);
    } catch (const std::exception& thrown) {
      return make_fault(Code::plugin_failed,
                        std::string(to_text(verb)) + " threw: " + said(thrown.what(), digits_after(verb)));
    } catch (...) {
      return make_fault(Code::plugin_failed, std::string(to_text(verb)) + " threw");
    }
    if (answer.cut) {
      return make_fault(
          Code::plugin_failed,
          std::string(to_text(verb)) + ": its answer is longer than the host takes, or has no bytes");
    }
    if (status == MADOGUCHI_OK) return std::move(answer.text);
    const auto why = said(reason_in(answer.text), digits_after(verb));
    if (status == MADOGUCHI_REFUSED) return request_refused(std::string(to_text(verb)) + " refused: " + why);
    return make_fault(Code::plugin_failed, std::string(to_text(verb)) + " failed: " + why);
  }

  MadoguchiStatus through(Verb verb, MadoguchiText request, const MadoguchiWriter& writer) {
    switch (verb) {
      case Verb::describe:
        return plugin_->describe(&host_, &writer);
      case Verb::check:
        return plugin_->check(&host_, request, &writer);
      case Verb::create:
        return create(request, writer);
      case Verb::decide:
        return hook(plugin_->decide, request, writer);
      case Verb::schedule:
        return hook(plugin_->schedule, request, writer);
      case Verb::advance:
        return hook(plugin_->advance, request, writer);
      case Verb::call:
        return hook(plugin_->call, request, writer);
    }
    return MADOGUCHI_FAILED;
  }

  MadoguchiStatus create(MadoguchiText request, const MadoguchiWriter& writer) {
    if (created_) return MADOGUCHI_FAILED;
    const auto status = plugin_->create(&host_, request, &writer, &instance_);
    created_ = status == MADOGUCHI_OK;
    return status;
  }

  template <class Function>
  MadoguchiStatus hook(Function function, MadoguchiText request, const MadoguchiWriter& writer) {
    if (function == nullptr || !created_) return MADOGUCHI_FAILED;
    return function(instance_, request, &writer);
  }

  Descriptor bytes_;
  std::string path_;
  LogLine log_;
  boost::dll::shared_library shared_;
  const MadoguchiPlugin* plugin_ = nullptr;
  void* instance_ = nullptr;  // the plugin's; may be null for one that keeps nothing
  bool created_ = false;
  MadoguchiHost host_{sizeof(MadoguchiHost), MADOGUCHI_ABI_MAJOR, MADOGUCHI_ABI_MINOR, &log_, &write_log};
};

}  // namespace

std::string_view to_text(Verb verb) {
  switch (verb) {
    case Verb::describe:
      return "describe";
    case Verb::check:
      return "check";
    case Verb::create:
      return "create";
    case Verb::decide:
      return "decide";
    case Verb::schedule:
      return "schedule";
    case Verb::advance:
      return "advance";
    case Verb::call:
      break;
  }
  return "call";
}

base::Result<std::unique_ptr<Library>> Library::load(Descriptor bytes, const Manifest& manifest,
                                                     LogLine log) {
  // The loader knows a library by its path: this one is nobody else's while the descriptor is open.
  auto path = "/proc/self/fd/" + std::to_string(bytes.get());
  auto library = std::make_unique<LoadedLibrary>(std::move(bytes), std::move(path), std::move(log));
  if (const auto opened = library->open(manifest); !opened) return opened.error();
  return std::unique_ptr<Library>(std::move(library));
}

}  // namespace madoguchi::extension
