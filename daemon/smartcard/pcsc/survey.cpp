#include "smartcard/survey.hpp"

#include "codes.hpp"
#include "pcsc_api.hpp"

namespace madoguchi::smartcard {
namespace {

// Released with the scope.
class Context {
 public:
  explicit Context(const PcscApi& api) : api_(api), code_(api.establish_context(&context_)) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() {
    if (code_ == SCARD_S_SUCCESS) api_.release_context(context_);
  }
  [[nodiscard]] LONG code() const { return code_; }
  [[nodiscard]] SCARDCONTEXT get() const { return context_; }

 private:
  const PcscApi& api_;
  SCARDCONTEXT context_ = 0;
  LONG code_;
};

Survey no_service(std::string_view call, LONG code) {
  const bool refused = code == SCARD_W_SECURITY_VIOLATION || code == SCARD_E_NO_ACCESS;
  return {refused ? Survey::Service::refuses : Survey::Service::down, call_text(call, code), {}};
}

std::vector<std::string> split(const std::string& names) {
  std::vector<std::string> all;
  for (std::size_t at = 0; at < names.size() && names[at] != '\0';) {
    all.emplace_back(names.c_str() + at);
    at += all.back().size() + 1;
  }
  return all;
}

}  // namespace

Survey survey_readers(const PcscApi& api) {
  const Context context(api);
  if (context.code() != SCARD_S_SUCCESS) return no_service("SCardEstablishContext", context.code());
  DWORD length = 0;
  LONG code = api.list_readers(context.get(), nullptr, &length);
  std::string names(length, '\0');
  if (code == SCARD_S_SUCCESS) code = api.list_readers(context.get(), names.data(), &length);
  Survey survey{Survey::Service::runs, {}, {}};
  if (code == SCARD_E_NO_READERS_AVAILABLE) return survey;
  if (code != SCARD_S_SUCCESS) return no_service("SCardListReaders", code);
  for (const auto& name : split(names)) {
    SCARD_READERSTATE state{};
    state.szReader = name.c_str();
    const bool told = api.get_status_change(context.get(), 0, &state, 1) == SCARD_S_SUCCESS;
    survey.readers.push_back({name, told && (state.dwEventState & SCARD_STATE_PRESENT) != 0,
                              told && (state.dwEventState & SCARD_STATE_MUTE) != 0});
  }
  return survey;
}

Survey survey_readers() {
  return survey_readers(system_pcsc());
}

}  // namespace madoguchi::smartcard
