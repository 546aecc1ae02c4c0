#include "x509_form.hpp"

#include <openssl/asn1t.h>
#include <openssl/bn.h>
#include <openssl/objects.h>

namespace madoguchi::mynumber {
namespace {

// RFC 8017 A.1.1
struct RsaKeyForm {
  ASN1_INTEGER* modulus;
  ASN1_INTEGER* exponent;
};

// clang-format off
ASN1_SEQUENCE(RsaKeyForm) = {
    ASN1_SIMPLE(RsaKeyForm, modulus, ASN1_INTEGER),
    ASN1_SIMPLE(RsaKeyForm, exponent, ASN1_INTEGER),
} static_ASN1_SEQUENCE_END(RsaKeyForm)

ASN1_SEQUENCE(X509KeyForm) = {
    ASN1_SIMPLE(X509KeyForm, algorithm, X509_ALGOR),
    ASN1_SIMPLE(X509KeyForm, bits, ASN1_BIT_STRING),
} static_ASN1_SEQUENCE_END(X509KeyForm)

ASN1_SEQUENCE(X509BodyForm) = {
    ASN1_EXP_OPT(X509BodyForm, version, ASN1_INTEGER, 0),
    ASN1_SIMPLE(X509BodyForm, serial, ASN1_INTEGER),
    ASN1_SIMPLE(X509BodyForm, algorithm, X509_ALGOR),
    ASN1_SIMPLE(X509BodyForm, issuer, X509_NAME),
    ASN1_SIMPLE(X509BodyForm, validity, X509_VAL),
    ASN1_SIMPLE(X509BodyForm, subject, X509_NAME),
    ASN1_SIMPLE(X509BodyForm, key, X509KeyForm),
    ASN1_IMP_OPT(X509BodyForm, issuer_id, ASN1_BIT_STRING, 1),
    ASN1_IMP_OPT(X509BodyForm, subject_id, ASN1_BIT_STRING, 2),
    ASN1_EXP_SEQUENCE_OF_OPT(X509BodyForm, extensions, X509_EXTENSION, 3),
} static_ASN1_SEQUENCE_END(X509BodyForm)

ASN1_SEQUENCE(X509Form) = {
    ASN1_SIMPLE(X509Form, body, X509BodyForm),
    ASN1_SIMPLE(X509Form, algorithm, X509_ALGOR),
    ASN1_SIMPLE(X509Form, signature, ASN1_BIT_STRING),
} static_ASN1_SEQUENCE_END(X509Form)
                            // clang-format on

                            template <class Form>
                            Form * read(const ASN1_ITEM* item, const unsigned char** at, long size) {
  return reinterpret_cast<Form*>(ASN1_item_d2i(nullptr, at, size, item));
}

template <class Form>
void release(const ASN1_ITEM* item, Form* form) {
  ASN1_item_free(reinterpret_cast<ASN1_VALUE*>(form), item);
}

bool is_rsa(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* name = nullptr;
  X509_ALGOR_get0(&name, nullptr, nullptr, algorithm);
  return OBJ_obj2nid(name) == NID_rsaEncryption;
}

int bits_of(const ASN1_INTEGER* number) {
  BIGNUM* value = ASN1_INTEGER_to_BN(number, nullptr);
  const int bits = value == nullptr || BN_is_negative(value) ? 0 : BN_num_bits(value);
  BN_free(value);
  return bits;
}

}  // namespace

void FreeX509Form::operator()(X509Form* form) const {
  release(ASN1_ITEM_rptr(X509Form), form);
}

X509FormPtr read_x509(const unsigned char** at, long size) {
  return X509FormPtr(read<X509Form>(ASN1_ITEM_rptr(X509Form), at, size));
}

base::Bytes encode_key(const X509KeyForm& key) {
  const auto* value = reinterpret_cast<const ASN1_VALUE*>(&key);
  const int size = ASN1_item_i2d(value, nullptr, ASN1_ITEM_rptr(X509KeyForm));
  if (size <= 0) return {};
  base::Bytes der(static_cast<std::size_t>(size));
  unsigned char* out = der.data();
  ASN1_item_i2d(value, &out, ASN1_ITEM_rptr(X509KeyForm));
  return der;
}

int rsa_bits(const X509KeyForm& key) {
  if (!is_rsa(key.algorithm)) return 0;
  const unsigned char* at = ASN1_STRING_get0_data(key.bits);
  const long size = ASN1_STRING_length(key.bits);
  const unsigned char* const end = at + size;
  auto* rsa = read<RsaKeyForm>(ASN1_ITEM_rptr(RsaKeyForm), &at, size);
  const int bits = rsa != nullptr && at == end && bits_of(rsa->exponent) > 0 ? bits_of(rsa->modulus) : 0;
  release(ASN1_ITEM_rptr(RsaKeyForm), rsa);
  return bits;
}

}  // namespace madoguchi::mynumber
