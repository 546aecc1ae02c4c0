// Memory for one message: given out in a row, wiped and taken back at once. A message may carry a PIN.
#pragma once

#include <array>
#include <boost/json/memory_resource.hpp>
#include <boost/json/storage_ptr.hpp>
#include <cstddef>

namespace madoguchi::rpc {

// The first bytes come from the object itself, so that an ordinary message allocates nothing; the rest in
// growing blocks from `upstream`. Values in here need no destructor.
class Scratch final : public boost::json::memory_resource {
 public:
  static constexpr std::size_t first_size = std::size_t{16} * 1024;

  explicit Scratch(boost::json::memory_resource& upstream) noexcept : upstream_(upstream) {}
  Scratch() noexcept;
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() override { release(); }

  // Wipes every byte that was given out and starts again.
  void release() noexcept;

 private:
  struct Block {
    Block* next;
    std::size_t size;
  };

  void* do_allocate(std::size_t size, std::size_t alignment) override;
  void do_deallocate(void*, std::size_t, std::size_t) override {}
  [[nodiscard]] bool do_is_equal(const boost::json::memory_resource& other) const noexcept override {
    return this == &other;
  }
  void add_block(std::size_t size);

  boost::json::memory_resource& upstream_;
  alignas(std::max_align_t) std::array<std::byte, first_size> first_;
  std::byte* at_ = first_.data();
  std::byte* end_ = first_.data() + first_size;
  Block* blocks_ = nullptr;
};

}  // namespace madoguchi::rpc

template <>
struct boost::json::is_deallocate_trivial<madoguchi::rpc::Scratch> {
  static constexpr bool value = true;
};
