#include "rpc/scratch.hpp"

#include <algorithm>
#include <boost/container/pmr/global_resource.hpp>
#include <cstdint>

#include "base/secret.hpp"

namespace madoguchi::rpc {
namespace {

constexpr std::size_t largest_step = 1024UL * 1024;

}  // namespace

Scratch::Scratch() noexcept : Scratch(*boost::container::pmr::new_delete_resource()) {}

void* Scratch::do_allocate(std::size_t size, std::size_t alignment) {
  const auto aligned = [&] {
    const auto address = reinterpret_cast<std::uintptr_t>(at_);
    return (alignment - address % alignment) % alignment;
  };
  auto padding = aligned();
  if (static_cast<std::size_t>(end_ - at_) < padding + size) {
    add_block(size + alignment);
    padding = aligned();
  }
  auto* place = at_ + padding;
  at_ = place + size;
  return place;
}

void Scratch::add_block(std::size_t size) {
  const auto before = blocks_ == nullptr ? first_size : std::min(blocks_->size, largest_step / 2);
  const auto whole = std::max(sizeof(Block) + size, before * 2);
  auto* bytes = static_cast<std::byte*>(upstream_.allocate(whole, alignof(std::max_align_t)));
  blocks_ = new (bytes) Block{blocks_, whole};
  at_ = bytes + sizeof(Block);
  end_ = bytes + whole;
}

void Scratch::release() noexcept {
  const bool only_first = blocks_ == nullptr;
  base::wipe(first_.data(), only_first ? static_cast<std::size_t>(at_ - first_.data()) : first_size);
  while (blocks_ != nullptr) {
    const Block block = *blocks_;
    void* memory = blocks_;
    base::wipe(memory, block.size);
    upstream_.deallocate(memory, block.size, alignof(std::max_align_t));
    blocks_ = block.next;
  }
  at_ = first_.data();
  end_ = first_.data() + first_size;
}

}  // namespace madoguchi::rpc
