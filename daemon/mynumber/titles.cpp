#include "mynumber/titles.hpp"

namespace madoguchi::mynumber {

Title title(CertificateName certificate) {
  return certificate == CertificateName::signature
             ? Title{"署名用電子証明書", "signature certificate"}
             : Title{"利用者証明用電子証明書", "user authentication certificate"};
}

Title title(PinName pin) {
  switch (pin) {
    case PinName::signature:
      return {"署名用の暗証番号", "signature PIN"};
    case PinName::authentication:
      return {"利用者証明用の暗証番号", "authentication PIN"};
    case PinName::resident_register:
      return {"住民基本台帳用の暗証番号", "resident register PIN"};
  }
  return {};
}

}  // namespace madoguchi::mynumber
