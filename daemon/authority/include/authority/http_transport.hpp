// CMP (RFC 6712), OCSP (RFC 6960 A.1) and CRLs (RFC 5280 4.2.1.13) over HTTP and HTTPS on an event loop.
#pragma once

#include <memory>
#include <string>

#include "authority/transport.hpp"

namespace boost::asio {
class io_context;
}

namespace madoguchi::authority {

enum class Carries : std::uint8_t {
  cmp,   // application/pkixcmp both ways
  ocsp,  // application/ocsp-request, answered by application/ocsp-response
  crl,   // fetched with GET: nothing is posted; of any content type, up to 8 MiB
  // Nothing: a connection that is secured as any other, and closed. Empty bytes say that it could be had.
  nothing,
};

struct HttpSettings {
  // `http://host[:port][/path]` or `https://...`; an IPv6 address in brackets. No user, query or fragment.
  std::string url;
  // For https: certificates under which the server's must be, DER or PEM; empty: those of the system. The
  // host's name is always checked.
  base::Bytes trusted;
  Carries carries = Carries::cmp;
};

// A transport that posts to that address and nowhere else: proxies of the environment and redirections are
// not followed. An answer other than 200 with the content type of what it carries and at most 1 MiB is
// authority.unreachable; where there was one, details.http_status has its status.
//
// To be used on the loop's thread only, of which there is one. Destroying it cancels what is under way; those
// `done` are still called, by the loop. invalid_params with details.pointer when a setting cannot be used.
base::Result<std::unique_ptr<Transport>> make_http_transport(boost::asio::io_context& loop,
                                                             HttpSettings settings);

}  // namespace madoguchi::authority
