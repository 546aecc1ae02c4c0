#include "abi_check.hpp"

#include <cstddef>
#include <cstring>

namespace madoguchi::extension {
namespace {

constexpr std::size_t longest_text = 256;
// MadoguchiPlugin as it was first published: up to `call`, whatever stands behind it today.
constexpr std::size_t size_of_1_0 = offsetof(MadoguchiPlugin, call) + sizeof(MadoguchiPlugin::call);

std::string differs(std::string_view what, const char* told, const std::string& expected) {
  if (told == nullptr) return "the descriptor has no " + std::string(what);
  const std::string_view text(told, strnlen(told, longest_text));
  if (text == expected) return {};
  return "the library calls its " + std::string(what) + " \"" + std::string(text) + "\", the manifest \"" +
         expected + "\"";
}

std::string version_objection(const MadoguchiPlugin& plugin) {
  const auto ours = std::to_string(MADOGUCHI_ABI_MAJOR) + "." + std::to_string(MADOGUCHI_ABI_MINOR);
  const auto theirs = std::to_string(plugin.abi_major) + "." + std::to_string(plugin.abi_minor);
  if (plugin.abi_major != MADOGUCHI_ABI_MAJOR || plugin.abi_minor > MADOGUCHI_ABI_MINOR) {
    return "built for ABI " + theirs + ", this host has " + ours;
  }
  return {};
}

// A hook is there exactly when it is announced.
std::string hooks_objection(const MadoguchiPlugin& plugin, const Manifest& manifest) {
  if (plugin.hooks != manifest.hooks.bits) {
    return "the library's hooks (bits " + std::to_string(plugin.hooks) + ") are not the manifest's (" +
           std::to_string(manifest.hooks.bits) + ")";
  }
  if (plugin.describe == nullptr || plugin.check == nullptr || plugin.create == nullptr ||
      plugin.destroy == nullptr) {
    return "the descriptor lacks describe, check, create or destroy";
  }
  const bool there[] = {plugin.decide != nullptr, plugin.schedule != nullptr, plugin.advance != nullptr,
                        plugin.call != nullptr};
  for (std::size_t i = 0; i < hook_names.size(); ++i) {
    if (there[i] != manifest.hooks.has(static_cast<Hook>(i))) {
      return "the hook " + std::string(hook_names[i]) +
             (there[i] ? " is there but not announced" : " is announced but not there");
    }
  }
  return {};
}

}  // namespace

std::string objection(const MadoguchiPlugin* descriptor, const Manifest& manifest) {
  if (descriptor == nullptr) return "the query function gave no descriptor";
  // First, since another major may have another layout behind its version.
  if (auto wrong = version_objection(*descriptor); !wrong.empty()) return wrong;
  // All of version 1.0 is needed; what a later minor adds stands behind.
  if (descriptor->struct_size < size_of_1_0) {
    return "its descriptor has " + std::to_string(descriptor->struct_size) + " bytes, ABI 1.0 needs " +
           std::to_string(size_of_1_0);
  }
  if (manifest.abi_major != descriptor->abi_major || manifest.abi_minor != descriptor->abi_minor) {
    return "the manifest names another ABI than the library";
  }
  if (auto wrong = differs("name", descriptor->name, manifest.name); !wrong.empty()) return wrong;
  if (auto wrong = differs("version", descriptor->version, manifest.version); !wrong.empty()) return wrong;
  if (auto wrong = differs("vendor", descriptor->vendor, manifest.vendor); !wrong.empty()) return wrong;
  if (descriptor->threads > MADOGUCHI_THREADS_CONCURRENT) return "an unknown thread model";
  return hooks_objection(*descriptor, manifest);
}

}  // namespace madoguchi::extension
