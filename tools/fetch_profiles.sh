#!/bin/sh
# Take the colour profiles of styles/icc/ out of Debian's texlive-base. Run on Debian, by hand,
# when a newer package is to be taken; then put its version and hashes into PROVENANCE.toml.
set -eu
target=$(cd "$(dirname "$0")/../styles/icc" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download texlive-base
dpkg-deb --extract texlive-base_*.deb .
cp usr/share/texlive/texmf-dist/tex/generic/colorprofiles/FOGRA39L_coated.icc \
    usr/share/texlive/texmf-dist/tex/generic/colorprofiles/sRGB.icc "$target/"
zcat usr/share/doc/texlive-doc/generic/colorprofiles/README.gz \
    | sed -n '/^sRGB.icc/,$p' > "$target/LICENCES.txt"
sha256sum texlive-base_*.deb "$target"/*.icc
