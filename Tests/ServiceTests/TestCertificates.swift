/// A root of our own and a certificate of it for localhost and 127.0.0.1, which are trusted by nobody
/// else and protect nothing; they end in a hundred years.
enum TestCertificates {
  static let root = """
    -----BEGIN CERTIFICATE-----
    MIIBkTCCATmgAwIBAgIUV/i3UHhvQmGv3K3hODJTqcjiUxkwCgYIKoZIzj0EAwIw
    HjEcMBoGA1UEAwwTUmVwbGljYW50IHRlc3Qgcm9vdDAgFw0yNjExMjUwMjI0MjNa
    GA8yMTI2MTEwMTAyMjQyM1owHjEcMBoGA1UEAwwTUmVwbGljYW50IHRlc3Qgcm9v
    dDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABOKZY+wMOPlKwY+YL4cTjvNwYkeh
    4bGQhDJ02hoJklCVppTWTq4u2NVRO9h2dFmyAwGzeWmr/e/OGHK1Chr6/7SjUzBR
    MB0GA1UdDgQWBBSF4bLiGnL/tnITT3pgeCKozd9WBTAfBgNVHSMEGDAWgBSF4bLi
    GnL/tnITT3pgeCKozd9WBTAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0YA
    MEMCID+DDFTZuTPLPqSn2fkuJXK0GDQm+2SBNkEK7Ye5VvlbAh8xSvQo7OGEjWXs
    cqSZws30EPlvp3MZGeCgiF27AcLr
    -----END CERTIFICATE-----

    """

  static let leaf = """
    -----BEGIN CERTIFICATE-----
    MIIBtDCCAVqgAwIBAgIUOd4j1sfAV+hu4S7LHtzn2eZgivcwCgYIKoZIzj0EAwIw
    HjEcMBoGA1UEAwwTUmVwbGljYW50IHRlc3Qgcm9vdDAgFw0yNjExMjUwMjI0MjRa
    GA8yMTI2MTEwMTAyMjQyNFowFDESMBAGA1UEAwwJbG9jYWxob3N0MFkwEwYHKoZI
    zj0CAQYIKoZIzj0DAQcDQgAEdMsTzV8ofrtyZvP1qxvSAlgw3KqwnyyTrTRB7Mu0
    zGvMpSZ8cnaChtVwzHJ8WkDywE+oTIRCYjJOlqrdGyxa2KN+MHwwGgYDVR0RBBMw
    EYIJbG9jYWxob3N0hwR/AAABMAkGA1UdEwQCMAAwEwYDVR0lBAwwCgYIKwYBBQUH
    AwEwHQYDVR0OBBYEFFIRihi4qC8GoeEMFgzkT442pn9IMB8GA1UdIwQYMBaAFIXh
    suIacv+2chNPemB4IqjN31YFMAoGCCqGSM49BAMCA0gAMEUCIEVtaBxhoXWKEwHT
    YL9ALlxAPI3L23h3tEtt6HZyJpcVAiEA6L/mINIb8COFZW/KzznZ+mEua6sZnR8/
    aBGEl/exF2Y=
    -----END CERTIFICATE-----

    """

  static let key = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg24oWeKpzVYBXBcQD
    dxtiUWFrAjDAFDbfsIGwg/BhHv2hRANCAAR0yxPNXyh+u3Jm8/WrG9ICWDDcqrCf
    LJOtNEHsy7TMa8ylJnxydoKG1XDMcnxaQPLAT6hMhEJiMk6Wqt0bLFrY
    -----END PRIVATE KEY-----

    """
}
