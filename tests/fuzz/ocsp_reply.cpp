// A responder's answer: as it comes, and as one that has gone bad would sign it.
#include "authority/ocsp.hpp"

#include <openssl/ocsp.h>

#include "authority.hpp"

using namespace madoguchi;
using authority::test::pki;

namespace {

base::Instant now() {
  return std::chrono::time_point_cast<base::Instant::duration>(std::chrono::system_clock::now());
}

struct World {
  authority::CertificatePtr citizen = authority::test::certify(
      "citizen", *authority::test::new_ec_key(), &pki().issuing, authority::test::Use::end_entity);
  base::Bytes certificate = authority::test::der_of(*citizen);
  std::vector<base::Bytes> issuers{authority::test::der_of(*pki().issuing.certificate)};
  base::Bytes request = authority::make_status_request({certificate, issuers}, base::Bytes(16, 7)).value();
  base::Bytes basic = make();

  base::Bytes make() const {
    using RequestPtr = authority::Owned<OCSP_REQUEST, OCSP_REQUEST_free>;
    const auto asked = authority::from_der<RequestPtr>(request, d2i_OCSP_REQUEST);
    const authority::Owned<OCSP_BASICRESP, OCSP_BASICRESP_free> made(OCSP_BASICRESP_new());
    const authority::TimePtr begins(X509_gmtime_adj(nullptr, 0));
    const authority::TimePtr ends(X509_gmtime_adj(nullptr, 3'600));
    auto* id = OCSP_onereq_get0_id(OCSP_request_onereq_get0(asked.get(), 0));
    OCSP_basic_add1_status(made.get(), id, V_OCSP_CERTSTATUS_GOOD, 0, nullptr, begins.get(), ends.get());
    OCSP_copy_nonce(made.get(), asked.get());
    OCSP_basic_sign(made.get(), pki().issuing.certificate.get(), pki().issuing.key.get(), EVP_sha256(),
                    nullptr, 0);
    return authority::to_der(made.get(), i2d_OCSP_BASICRESP);
  }
};

// OCSPResponse with status successful (RFC 6960 4.2.1).
base::Bytes wrapped(base::ByteView basic) {
  static const base::Bytes successful{0x0A, 0x01, 0x00};
  static const base::Bytes type{0x06, 0x09, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01};
  const auto bytes = smartcard::make_tlv(0x30, fuzz::joined({type, smartcard::make_tlv(0x04, basic)}));
  return smartcard::make_tlv(0x30, fuzz::joined({successful, smartcard::make_tlv(0xA0, bytes)}));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const World world;
  fuzz::Input input(data, size);
  const auto kind = input.byte();
  base::Bytes answer;
  if (kind % 3 == 0) {
    const auto raw = input.rest();
    answer.assign(raw.begin(), raw.end());
  } else if (kind % 3 == 1) {
    answer = fuzz::changed(wrapped(world.basic), input);
  } else {
    answer = wrapped(fuzz::signed_again(world.basic, *pki().issuing.key, input));
  }
  const auto said = authority::read_status({world.certificate, world.issuers}, world.request, answer, now());
  if (!said) {
    fuzz::claim(said.error().code == base::Code::authority_mismatch ||
                    said.error().code == base::Code::authority_unreachable,
                "an answer that is none says whose fault that is");
    return 0;
  }
  fuzz::claim(kind % 3 != 0, "an unsigned answer says nothing");
  if (kind % 3 == 1)
    fuzz::claim(said->standing == authority::Standing::good, "a changed word is not believed");
  return 0;
}
