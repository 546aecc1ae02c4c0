// Standard output, in words or as JSON, noticing when nobody reads it any more.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "interrupts.hpp"
#include "texts.hpp"

namespace madoguchi::cli {

class Output {
 public:
  Output(const Interrupts& interrupts, Lang lang) : interrupts_(interrupts), lang_(lang) {}

  void use_json() { json_ = true; }
  [[nodiscard]] bool json() const { return json_; }
  [[nodiscard]] Lang lang() const { return lang_; }

  // For people; nothing when JSON is wanted.
  void line(std::string_view text);
  void say(Key key, std::initializer_list<std::string_view> arguments = {});
  // For programs, one document a line; nothing when words are wanted.
  void document(const boost::json::value& value);
  // In both forms, as it is.
  void raw(std::string_view text);

  // Whoever read it has gone; everything written since was dropped.
  [[nodiscard]] bool closed() const { return closed_; }
  // Notices it without writing, for a command that waits with nothing to say.
  void look_whether_read();

  // A message on standard error, always in words.
  static void complain(std::string_view text);

 private:
  const Interrupts& interrupts_;
  Lang lang_;
  bool json_ = false;
  bool closed_ = false;
};

}  // namespace madoguchi::cli
