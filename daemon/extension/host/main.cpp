// madoguchi-plugin-host: one plugin in a process of its own. Started by the daemon, never by hand.
//
// Arguments: the bytes of memory that it may have. Descriptor 3 is the socket to the daemon, 4 the library's
// verified bytes.
#include <unistd.h>

#include <cstdlib>
#include <exception>

#include "../library.hpp"
#include "../wire.hpp"
#include "confine.hpp"
#include "places.hpp"

namespace {

using namespace madoguchi::extension;

void reply(const Frame& request, const madoguchi::base::Result<std::string>& answer) {
  if (answer) {
    send(host_socket, Frame::answer, Frame::answered, request.number, *answer, {});
  } else {
    send(host_socket, Frame::answer, is_request_refused(answer.error()) ? Frame::refused : Frame::failed,
         request.number, answer.error().inner, {});
  }
}

void log_line(int level, std::string_view line) {
  send(host_socket, Frame::log, static_cast<std::uint8_t>(level), 0, line, {});
}

madoguchi::base::Result<std::unique_ptr<Library>> load(const Frame& first, std::size_t memory_bytes) {
  using madoguchi::base::Code;
  if (first.kind != Frame::load)
    return madoguchi::base::make_fault(Code::plugin_failed, "nothing to load was named");
  const auto manifest = parse_manifest(first.document);
  if (!manifest) return manifest.error();
  if (auto why = confine_for_loading(memory_bytes); !why.empty()) {
    return madoguchi::base::make_fault(Code::plugin_failed, "its process cannot be confined: " + why);
  }
  auto library = Library::load(Descriptor(host_library), *manifest, log_line);
  if (!library) return library.error();
  if (auto why = confine_for_hooks(); !why.empty()) {
    return madoguchi::base::make_fault(Code::plugin_failed, "its process cannot be confined: " + why);
  }
  return library;
}

int serve(std::size_t memory_bytes) {
  Frame frame;
  if (receive(host_socket, frame, {}) != Wire::done) return EXIT_FAILURE;
  const auto library = load(frame, memory_bytes);
  if (!library) {
    reply(frame, library.error());
    return EXIT_FAILURE;
  }
  reply(frame, std::string());
  while (receive(host_socket, frame, {}) == Wire::done) {
    if (frame.kind < static_cast<std::uint8_t>(Verb::describe) ||
        frame.kind > static_cast<std::uint8_t>(Verb::call))
      break;
    reply(frame, (*library)->call(static_cast<Verb>(frame.kind), frame.document));
  }
  // The daemon is done with it: nothing here is worth an orderly end, and destructors are the plugin's.
  ::_exit(EXIT_SUCCESS);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || ::close_range(host_library + 1, ~0U, 0) != 0 || ::chdir("/") != 0) return EXIT_FAILURE;
  try {
    return serve(std::strtoull(argv[1], nullptr, 10));
  } catch (const std::exception&) {
    return EXIT_FAILURE;
  }
}
