#include "evidence.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>

#include "base/code_book.hpp"

namespace madoguchi::counter {
namespace {

namespace json = boost::json;

constexpr std::string_view kind = "message.set_aside";

bool is_of(const storage::JournalRecord& record, std::string_view sha256) {
  boost::system::error_code error;
  const auto body = json::parse(record.body, error);
  const auto* object = error ? nullptr : body.if_object();
  const auto* digest = object != nullptr ? object->if_contains("sha256") : nullptr;
  return digest != nullptr && digest->is_string() && digest->get_string() == sha256;
}

}  // namespace

std::optional<Note> evidence_of(const std::vector<storage::JournalRecord>& journal, const renewal::Saga& saga,
                                const base::Fault& why, const base::Bytes& answer) {
  const auto sha256 = base::to_hex(base::sha256(answer));
  std::size_t kept = 0;
  for (const auto& record : journal) {
    if (record.kind != kind) continue;
    if (++kept >= most_evidence_records || is_of(record, sha256)) return std::nullopt;
  }
  const base::ByteView beginning(answer.data(), std::min(answer.size(), most_evidence_bytes));
  return Note{std::string(kind),
              {{"certificate", mynumber::name(saga.certificate)},
               {"phase", renewal::name(saga.phase)},
               {"reason", base::entry(why.code).reason},
               {"why", base::describe(why)},
               {"bytes", answer.size()},
               {"sha256", sha256},
               {"message", base::to_base64(beginning)}}};
}

}  // namespace madoguchi::counter
