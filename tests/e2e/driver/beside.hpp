// What drivers have in common that pcscd loads instead of the genuine one: that one lies beside them, as
// LIBRARY.driver.
#pragma once

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <string>

extern "C" {
#include <ifdhandler.h>
}

// Where pcscd has loaded this from.
inline const std::string& own_path() {
  static const std::string path = [] {
    Dl_info info{};
    if (::dladdr(reinterpret_cast<const void*>(&own_path), &info) == 0) std::abort();
    return std::string(info.dli_fname);
  }();
  return path;
}

template <class Function>
Function* genuine(const char* name) {
  static void* const driver = ::dlopen((own_path() + ".driver").c_str(), RTLD_NOW | RTLD_LOCAL);
  if (void* const found = driver != nullptr ? ::dlsym(driver, name) : nullptr) {
    return reinterpret_cast<Function*>(found);
  }
  static_cast<void>(std::fprintf(stderr, "%s: %s\n", own_path().c_str(), ::dlerror()));
  std::abort();
}
