// Lines on the socket, against the daemon's own table of methods: a counter with a reader, a card and a case.
#include <boost/json/parse.hpp>

#include "base/code_book.hpp"
#include "counter.hpp"
#include "target.hpp"

using namespace madoguchi;

namespace {

class Lines final : public rpc::Outlet {
 public:
  std::string& output() override { return text_; }
  void advanced() override {}

  // Each is a response that JSON-RPC knows, and each error one of the code book's.
  void check() {
    while (!text_.empty()) {
      const auto end = text_.find('\n');
      fuzz::claim(end != std::string::npos, "what is written is whole lines");
      boost::system::error_code error;
      const auto reply = boost::json::parse(std::string_view(text_).substr(0, end), error);
      fuzz::claim(!error, "a reply is JSON");
      if (const auto* batch = reply.if_array()) {
        for (const auto& one : *batch) check_one(one);
      } else {
        check_one(reply);
      }
      text_.erase(0, end + 1);
    }
  }

 private:
  static void check_one(const boost::json::value& reply) {
    const auto& object = reply.as_object();
    fuzz::claim(object.contains("result") != object.contains("error"), "a result or an error");
    if (!object.contains("error")) return;
    const auto& fault = object.at("error");
    const auto code = base::code_of(fault.at("data").at("reason").as_string());
    fuzz::claim(code && base::entry(*code).number == fault.at("code").as_int64(),
                "an error of the code book");
    fuzz::claim(*code != base::Code::internal, "whatever is asked is no fault of ours");
  }

  std::string text_;
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const auto roles = input.byte();
  auto text = fuzz::text_of(input.rest());
  auto& counter = fuzz::a_counter();
  auto caller = counter.caller;
  // Most often all of them.
  caller.roles.bits = roles < 16 ? roles : rpc::all_roles.bits;
  Lines lines;
  const auto talk = counter.dispatcher.converse(lines);
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    talk->receive(caller, line);
    if (counter.world.loop.stopped()) counter.world.loop.restart();
    counter.world.loop.poll();
    lines.check();
  }
  talk->close();
  return 0;
}
