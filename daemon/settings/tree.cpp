#include "settings/tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <streambuf>
#include <unordered_map>

#include "scan.hpp"
#include "slips.hpp"

namespace madoguchi::settings {
namespace {

// Bytes; no key of ours is a tenth of it.
constexpr std::size_t longest_key = 200;

// Thrown through yaml-cpp to leave a document that is refused as a whole; never leaves this file.
struct Abandoned {};

// yaml-cpp reads streams only; this one reads the caller's bytes where they are.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    auto* begin = const_cast<char*>(text.data());  // a get area is never written to
    setg(begin, begin, begin + text.size());
  }
};

class Builder : public YAML::EventHandler {
 public:
  Builder(const Places& places, const Limits& limits, std::string file, std::vector<Complaint>& complaints)
      : places_(places), limits_(limits), file_(std::move(file)), complaints_(complaints) {}

  [[nodiscard]] Value take() { return std::move(root_); }
  [[nodiscard]] bool any() const { return documents_ > 0; }
  // "; within the list that begins at 3:5", for whoever stops in the middle of one.
  [[nodiscard]] std::string within() const {
    if (frames_.empty()) return {};
    const auto& node = frames_.back().node;
    return std::string("; within the ") + (node.kind == Value::Kind::list ? "list" : "mapping") +
           " that begins at " + std::to_string(node.at.line) + ":" + std::to_string(node.at.column);
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) abandon(at(mark), "a second document; a file holds one");
  }
  void OnDocumentEnd() override {}

  // Neither an anchor's name nor a tag's is repeated: it may be a PIN that begins with such a sign.
  void OnAnchor(const YAML::Mark& mark, const std::string&) override {
    complain(at(mark), "anchors are not allowed; write the value out, in quotes if it begins with &");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    complain(at(mark), "aliases are not allowed; write the value out");
    put({Value::Kind::refused, at(mark), {}, false, {}, {}});
  }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    put({Value::Kind::nothing, at(mark), {}, false, {}, {}});
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    check_tag(mark, tag);
    put({Value::Kind::scalar, at(mark), value, tag == "!", {}, {}});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, Value::Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, Value::Kind::mapping);
  }
  void OnMapEnd() override { close(); }

 private:
  // A mapping or list being filled. `key` is the mapping's member whose value comes next.
  struct Frame {
    Value node;
    bool has_key = false;
    bool key_counts = false;  // false: complained about, its value is read and dropped
    std::string key;
    Position key_at;
    std::unordered_map<std::string, Position> seen;
  };

  [[nodiscard]] Position at(const YAML::Mark& mark) const { return places_.at(mark.line, mark.column); }

  void complain(Position where, std::string message) {
    constexpr std::size_t most = 100;
    complaints_.push_back({file_, where, path(), std::move(message)});
    if (complaints_.size() >= most) throw Abandoned{};
  }

  [[noreturn]] void abandon(Position where, std::string message) {
    complaints_.push_back({file_, where, path(), std::move(message)});
    throw Abandoned{};
  }

  [[nodiscard]] std::string path() const {
    std::string text;
    for (const auto& frame : frames_) {
      if (frame.node.kind == Value::Kind::list) {
        text += "[" + std::to_string(frame.node.items.size()) + "]";
      } else if (frame.has_key && frame.key_counts) {
        text += (text.empty() ? "" : ".") + frame.key;
      }
    }
    return text;
  }

  void check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    complain(at(mark), "tags are not allowed; write the value in quotes if it begins with !");
  }

  void count(Position where) {
    if (++nodes_ > limits_.nodes) abandon(where, "more than " + std::to_string(limits_.nodes) + " values");
  }

  void open(const YAML::Mark& mark, const std::string& tag, Value::Kind kind) {
    check_tag(mark, tag);
    count(at(mark));
    if (frames_.size() >= limits_.depth) {
      abandon(at(mark), "nested deeper than " + std::to_string(limits_.depth) + " levels");
    }
    frames_.push_back({{kind, at(mark), {}, false, {}, {}}, false, false, {}, {}, {}});
  }

  void close() {
    Value done = std::move(frames_.back().node);
    frames_.pop_back();
    place(std::move(done));
  }

  void put(Value node) {
    count(node.at);
    place(std::move(node));
  }

  void place(Value node) {
    if (frames_.empty()) {
      root_ = std::move(node);
      return;
    }
    auto& frame = frames_.back();
    if (frame.node.kind == Value::Kind::list) {
      frame.node.items.push_back(std::move(node));
    } else if (!frame.has_key) {
      take_key(frame, node);
    } else {
      // yaml-cpp puts "nothing" where the next token is, lines below.
      if (node.kind == Value::Kind::nothing) node.at = frame.key_at;
      if (frame.key_counts) frame.node.members.push_back({frame.key, frame.key_at, std::move(node)});
      frame.has_key = false;
    }
  }

  static bool fits_one_line(std::string_view key) {
    return key.size() <= longest_key &&
           std::none_of(key.begin(), key.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  }

  void take_key(Frame& frame, const Value& node) {
    frame.key_counts = false;
    if (node.kind != Value::Kind::scalar || node.text.empty()) {
      complain(node.at, "a key must be a word");
    } else if (node.text.starts_with("\xE3\x80\x80") || node.text.starts_with("\xC2\xA0")) {
      complain(node.at, "a full-width or no-break space before the key; indent with ordinary spaces");
    } else if (!fits_one_line(node.text)) {
      // It would stand in the path of every complaint about what is below it.
      complain(node.at, "a key must be a word, not " + quote(node.text));
    } else if (const auto [first, fresh] = frame.seen.emplace(node.text, node.at); !fresh) {
      complain(node.at, "the key " + quote(node.text) + " stands here a second time; the first is at " +
                            std::to_string(first->second.line) + ":" + std::to_string(first->second.column));
    } else {
      frame.key_counts = true;
    }
    frame.key = node.text;
    frame.key_at = node.at;
    frame.has_key = true;
  }

  const Places& places_;
  const Limits& limits_;
  std::string file_;
  std::vector<Complaint>& complaints_;
  std::vector<Frame> frames_;
  Value root_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
};

// Every document is asked for, so that a second one is noticed. Was all of the text read?
bool parse(std::string_view text, Builder& builder, const Places& places, const std::string& file,
           std::vector<Complaint>& complaints) {
  ViewBuffer buffer(text);
  std::istream stream(&buffer);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    return true;
  } catch (const Abandoned&) {
    // Said already.
  } catch (const YAML::Exception& error) {
    const auto stopped = places.at(error.mark.line, error.mark.column);
    const auto slip = find_slip(text, error.mark.line);
    const auto where = slip ? places.at(slip->byte) : stopped;
    const auto seen = slip ? slip->message + " (the reader stopped at " + std::to_string(stopped.line) + ":" +
                                 std::to_string(stopped.column) + ": " + error.msg + ")"
                           : error.msg + builder.within();
    complaints.push_back({file, where, {}, "not YAML: " + seen});
  }
  return false;
}

}  // namespace

const Member* Value::find(std::string_view key) const {
  const auto found =
      std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.key == key; });
  return found == members.end() ? nullptr : &*found;
}

Tree read_tree(std::string_view text, const std::string& file, const Limits& limits) {
  Tree tree;
  if (text.size() > limits.bytes) {
    tree.complaints.push_back({file, {}, {}, "larger than " + std::to_string(limits.bytes) + " bytes"});
    return tree;
  }
  // A byte order mark is allowed and nothing else of it counts.
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const Places places(text);
  if (const auto bad = find_unreadable(text)) {
    tree.complaints.push_back({file, places.at(bad->byte), {}, bad->message});
    return tree;
  }
  Builder builder(places, limits, file, tree.complaints);
  if (!parse(text, builder, places, file, tree.complaints)) return tree;
  if (builder.any()) {
    tree.root = builder.take();
  } else {
    tree.complaints.push_back({file, {}, {}, "the file is empty"});
  }
  return tree;
}

}  // namespace madoguchi::settings
