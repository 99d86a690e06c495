"""Real servers for the tests of mailing: Postfix and Dovecot on loopback, without systemd.

Both are Debian's own; they run as root, as they do on every server, in a
folder of their own, and nothing of the machine's own mail is touched.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

PASSWORD = "open-sesame-and-more"
TOKEN_SECRET = b"a key that only this test and Dovecot know"


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def need(program: str, package: str) -> str:
    """Return the path of a program, or fail in words."""
    found = shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin:" + os.environ["PATH"])
    if found is None:
        pytest.fail(f"this test needs {program}: apt-get install {package}")
    return found


@dataclass(frozen=True)
class Certificates:
    """A certificate for localhost, and the authority that signed it."""

    authority: Path
    certificate: Path
    key: Path


def certificates(folder: Path, name: str = "localhost") -> Certificates:
    """Make an authority, and a certificate for `name`."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    now = datetime.now(UTC)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False)
    ca = (x509.CertificateBuilder().subject_name(named("Test CA")).issuer_name(named("Test CA"))
          .public_key(ca_key.public_key()).serial_number(1)
          .not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(30))
          .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
          .add_extension(usage, critical=True)
          .add_extension(x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()),
                         critical=False)
          .sign(ca_key, hashes.SHA256()))
    leaf = (x509.CertificateBuilder().subject_name(named(name)).issuer_name(named("Test CA"))
            .public_key(key.public_key()).serial_number(2)
            .not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(30))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()),
                           critical=False)
            .sign(ca_key, hashes.SHA256()))
    pem = serialization.Encoding.PEM
    made = Certificates(folder / "ca.pem", folder / "cert.pem", folder / "key.pem")
    made.authority.write_bytes(ca.public_bytes(pem))
    made.certificate.write_bytes(leaf.public_bytes(pem))
    made.key.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8,
                                           serialization.NoEncryption()))
    return made


@dataclass(frozen=True)
class Servers:
    """Where the servers of a test are."""

    folder: Path
    smtp: int
    """Port with STARTTLS and AUTH."""
    smtps: int
    imaps: int
    tls: Certificates

    @property
    def log(self) -> Path:
        """Postfix's own log."""
        return self.folder / "mail.log"

    def mails(self, mailbox: str) -> list[bytes]:
        """Return what was delivered to a mailbox, as Dovecot stored it."""
        folder = self.folder / "mail" / mailbox.lower()
        return [path.read_bytes() for name in ("new", "cur")
                for path in sorted((folder / name).glob("*"))]

    def delivered(self) -> dict[str, list[bytes]]:
        """Return all mailboxes with their mails."""
        return {path.name: self.mails(path.name) for path in (self.folder / "mail").iterdir()}

    def wait_until_idle(self, seconds: float = 120) -> None:
        """Wait until Postfix has delivered all that it took."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            queue = self.folder / "queue"
            if not any(p.is_file() for name in ("incoming", "active", "maildrop")
                       for p in (queue / name).rglob("*")):
                return
            time.sleep(0.1)
        raise AssertionError("Postfix does not finish")

    def clear(self) -> None:
        """Forget all mail that was delivered, and what the log says of it."""
        self.wait_until_idle()
        os.truncate(self.log, 0)
        self.another_logs(-10)
        shutil.rmtree(self.folder / "mail")
        _mail_folder(self.folder)

    def another_logs(self, when: float) -> None:
        """Let another program log a line, in `when` seconds: so the log of a relay goes on."""
        stamp = time.strftime("%b %e %H:%M:%S", time.localtime(time.time() + when))
        with Path(self.log).open("a") as log:
            log.write(f"{stamp} relay other[1]: a line\n")

    def token(self, user: str) -> str:
        """Return an access token for `user` (RFC 7519) that Dovecot believes."""
        def part(data: object) -> bytes:
            return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=")

        now = int(time.time())
        text = part({"alg": "HS256", "typ": "JWT"}) + b"." + part(
            {"sub": user, "email": user, "iat": now - 5, "exp": now + 3600})
        digest = hmac.digest(TOKEN_SECRET, text, hashlib.sha256)
        return (text + b"." + base64.urlsafe_b64encode(digest).rstrip(b"=")).decode()


def _mail_folder(folder: Path) -> None:
    (folder / "mail").mkdir()
    shutil.chown(folder / "mail", "mail", "mail")


MAIN_CF = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.example.org
mydestination =
local_recipient_maps =
alias_maps =
virtual_mailbox_domains = example.org, example.net
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{sasl}
smtpd_tls_security_level = may
smtpd_tls_cert_file = {tls.certificate}
smtpd_tls_key_file = {tls.key}
smtpd_tls_auth_only = yes
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = check_recipient_access regexp:{folder}/refused, permit
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
mynetworks = 127.0.0.0/8
message_size_limit = 20480000
maillog_file_prefixes = {folder}
maillog_file = {folder}/mail.log
lmtp_destination_concurrency_limit = 4
smtputf8_enable = yes
"""

MASTER_CF = """
{smtp}    inet  n - n - - smtpd
{smtps}   inet  n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
verify    unix  - - n - 1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp      unix  - - n - - smtp
relay     unix  - - n - - smtp
error     unix  - - n - - error
retry     unix  - - n - - error
discard   unix  - - n - - discard
local     unix  - n n - - local
virtual   unix  - n n - - virtual
lmtp      unix  - - n - - lmtp
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
"""

DOVECOT_CONF = """
base_dir = {folder}/dovecot
state_dir = {folder}/dovecot-state
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
mail_location = maildir:{folder}/mail/%Lu
mail_uid = mail
mail_gid = mail
first_valid_uid = 1
lmtp_save_to_detail_mailbox = no
auth_mechanisms = plain login xoauth2
auth_username_chars =
auth_username_format = %Lu
ssl = yes
ssl_cert = <{tls.certificate}
ssl_key = <{tls.key}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={folder}/mail/%Lu allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  client_limit = 1
  process_min_avail = 4
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {sasl}
  }}
}}
"""


@contextlib.contextmanager
def running() -> Iterator[Servers]:
    """Start Postfix and Dovecot; stop them at the end."""
    postfix, dovecot = need("postfix", "postfix"), need("dovecot", "dovecot-imapd dovecot-lmtpd")
    if os.geteuid() != 0:
        pytest.fail("this test starts Postfix and Dovecot, which have to be started by root")
    folder = Path(tempfile.mkdtemp(prefix="reportgen-mail-"))
    folder.chmod(0o755)  # Postfix's own users go in and out
    smtp, smtps, imaps, lmtp, sasl = (free_port() for _ in range(5))
    servers = Servers(folder, smtp, smtps, imaps, certificates(folder))
    values = {"folder": folder, "smtp": smtp, "smtps": smtps, "imaps": imaps, "lmtp": lmtp,
              "sasl": sasl, "tls": servers.tls, "password": PASSWORD}
    config = folder / "postfix"
    for path in (config, folder / "queue", folder / "data"):
        path.mkdir()
    shutil.chown(folder / "data", "postfix", "postfix")
    _mail_folder(folder)
    (config / "main.cf").write_text(MAIN_CF.format(**values))
    (config / "master.cf").write_text(MASTER_CF.format(**values))
    (folder / "refused").write_text(
        "/^gone/ 550 5.1.1 there is nobody of this name\n/^full/ 452 4.2.2 the mailbox is full\n")
    (folder / "dovecot.conf").write_text(DOVECOT_CONF.format(**values))
    keys = folder / "keys" / "default" / "HS256"
    keys.mkdir(parents=True)
    (keys / "default").write_bytes(base64.b64encode(TOKEN_SECRET))
    (folder / "oauth2.conf").write_text(
        f"introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix={folder}/keys/\n"
        "username_attribute = email\n")
    subprocess.run([dovecot, "-c", str(folder / "dovecot.conf")], check=True)
    try:
        subprocess.run([postfix, "-c", str(config), "start"], check=True, capture_output=True)
        try:
            for port in (smtp, imaps, lmtp):
                _wait_for(port)
            yield servers
        finally:
            subprocess.run([postfix, "-c", str(config), "stop"], check=False, capture_output=True)
    finally:
        subprocess.run([dovecot, "-c", str(folder / "dovecot.conf"), "stop"], check=False,
                       capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on port {port}")
