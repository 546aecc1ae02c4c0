// What has been read of a connection and not been answered yet, cut into lines. Wiped as it is used up: a
// line may carry a PIN.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace madoguchi::server {

class InputBuffer {
 public:
  // Lines of up to `longest` bytes, the '\n' not counted.
  explicit InputBuffer(std::size_t longest);
  ~InputBuffer();
  InputBuffer(const InputBuffer&) = delete;
  InputBuffer& operator=(const InputBuffer&) = delete;

  // Where to read to next; never empty unless overlong().
  [[nodiscard]] std::span<char> room() { return {data_.get() + end_, capacity_ - end_}; }
  void commit(std::size_t size) { end_ += size; }

  // The next complete line, without its '\n', which is used up by this. Valid until settle().
  std::optional<std::string_view> next_line();
  // Wipes what is used up and makes room. Call when no more lines are wanted for now.
  void settle();
  // Wipes all.
  void clear();

  // After settle(): the line that has begun is longer than allowed.
  [[nodiscard]] bool overlong() const { return end_ - begin_ > longest_; }
  // There is no line that has begun.
  [[nodiscard]] bool empty() const { return begin_ == end_; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

 private:
  void resize(std::size_t capacity);

  std::size_t longest_;
  std::size_t capacity_;
  std::unique_ptr<char[]> data_;
  std::size_t begin_ = 0;    // of what is not used up
  std::size_t scanned_ = 0;  // up to here there is no '\n' behind begin_
  std::size_t end_ = 0;
};

}  // namespace madoguchi::server
