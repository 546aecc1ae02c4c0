#include "outlet.hpp"

#include <exception>

namespace madoguchi::smartcard {

void Outlet::event(const ReaderEvent& event) {
  const std::lock_guard lock(event_mutex_);
  if (!on_event_) return;
  try {
    on_event_(event);
  } catch (const std::exception& error) {
    log(base::Level::error, "reader.listener_failed", {{"error", std::string(error.what())}});
  }
}

void Outlet::log(base::Level level, std::string_view id, std::initializer_list<base::Field> fields) {
  const std::lock_guard lock(log_mutex_);
  if (log_ != nullptr) log_->write(level, id, fields);
}

void Outlet::close() {
  {
    const std::lock_guard lock(event_mutex_);
    on_event_ = nullptr;
  }
  const std::lock_guard lock(log_mutex_);
  log_ = nullptr;
}

}  // namespace madoguchi::smartcard
