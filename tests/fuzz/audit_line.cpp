// Lines of an audit log that somebody has had in hands: any text, and a genuine log that was tampered with.
#include "audit/chain.hpp"
#include "support.hpp"
#include "target.hpp"

using namespace madoguchi;

namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    lines.push_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(lines.back().size() + 1, text.size()));
  }
  return lines;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto genuine = audit::an_export(6);
  fuzz::Input input(data, size);
  const bool tampered = input.byte() % 2 == 1;
  base::Bytes bytes;
  if (tampered) {
    for (const auto& line : genuine) {
      bytes.insert(bytes.end(), line.begin(), line.end());
      bytes.push_back('\n');
    }
    bytes = fuzz::changed(std::move(bytes), input);
  } else {
    const auto raw = input.rest();
    bytes.assign(raw.begin(), raw.end());
  }
  const auto lines = lines_of(fuzz::text_of(bytes));
  audit::Verifier verifier({audit::test_key().public_key()});
  for (const auto line : lines) {
    verifier.line(line);
    if (const auto read = audit::read_line(line)) {
      fuzz::claim(audit::to_text(read->line) == line, "only what is written is read");
    }
    (void)audit::read_statement(line);
  }
  verifier.end();
  fuzz::claim(verifier.entries() <= static_cast<std::int64_t>(lines.size()), "no entry comes from nowhere");
  // One without its first entries is a genuine log that begins later, and says so; nothing at all says
  // nothing.
  const auto from = genuine.end() - static_cast<std::ptrdiff_t>(std::min(lines.size(), genuine.size()));
  const bool whole =
      lines.size() <= genuine.size() && std::equal(lines.begin(), lines.end(), from, genuine.end());
  if (!whole) fuzz::claim(!verifier.problems().empty(), "what was tampered with shows");
  return 0;
}
