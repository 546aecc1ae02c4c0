// A list of revoked certificates: as it comes, and as an issuer that has gone bad would sign it.
#include "authority/crl.hpp"

#include <openssl/x509v3.h>

#include "authority.hpp"

using namespace madoguchi;
using authority::test::pki;

namespace {

struct World {
  authority::CertificatePtr citizen = authority::test::certify(
      "citizen", *authority::test::new_ec_key(), &pki().issuing, authority::test::Use::end_entity);
  base::Bytes certificate = authority::test::der_of(*citizen);
  std::vector<base::Bytes> issuers{authority::test::der_of(*pki().issuing.certificate)};
  base::Bytes list = make();

  base::Bytes make() const {
    const authority::Owned<X509_CRL, X509_CRL_free> made(X509_CRL_new());
    const authority::TimePtr begins(X509_gmtime_adj(nullptr, -60));
    const authority::TimePtr ends(X509_gmtime_adj(nullptr, 3'600));
    X509_CRL_set_version(made.get(), X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(made.get(), X509_get_subject_name(pki().issuing.certificate.get()));
    X509_CRL_set1_lastUpdate(made.get(), begins.get());
    X509_CRL_set1_nextUpdate(made.get(), ends.get());
    authority::Owned<X509_REVOKED, X509_REVOKED_free> entry(X509_REVOKED_new());
    X509_REVOKED_set_serialNumber(entry.get(), X509_get_serialNumber(citizen.get()));
    X509_REVOKED_set_revocationDate(entry.get(), begins.get());
    X509_CRL_add0_revoked(made.get(), entry.release());
    X509_CRL_sign(made.get(), pki().issuing.key.get(), EVP_sha256());
    return authority::to_der(made.get(), i2d_X509_CRL);
  }
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const World world;
  fuzz::Input input(data, size);
  const auto kind = input.byte();
  base::Bytes list;
  if (kind % 3 == 0) {
    const auto raw = input.rest();
    list.assign(raw.begin(), raw.end());
  } else if (kind % 3 == 1) {
    list = fuzz::changed(world.list, input);
  } else {
    list = fuzz::signed_again(world.list, *pki().issuing.key, input);
  }
  const auto now = std::chrono::time_point_cast<base::Instant::duration>(std::chrono::system_clock::now());
  const auto read = authority::RevocationList::read(list, world.issuers, now);
  if (!read) {
    fuzz::claim(read.error().code == base::Code::authority_mismatch,
                "a list that is none is authority.mismatch");
    return 0;
  }
  fuzz::claim(kind % 3 == 2 || list == world.list, "only the issuer's own word is believed");
  const auto said = read->says_of({world.certificate, world.issuers}, now);
  if (kind % 3 == 1)
    fuzz::claim(said && said->standing == authority::Standing::revoked, "and as it was said");
  return 0;
}
