#!/usr/bin/env bash
# Makes target/package/ and target/package.zip, which Azure Functions runs on any of its Linux hosts (x86-64).
#
# The same source, Rust version and package tools make the same bytes, in whatever folder. Needs Rust (rustup), Python
# 3.8 or newer with pip, and either binutils or llvm for readelf. zig and cargo-zigbuild are installed below target/, or
# taken from PACKAGE_TOOLS, a folder with a Python environment that has them.
set -euo pipefail
cd "$(dirname "$0")/.."

# The oldest base image of Azure Functions is Debian 11.
readonly GLIBC=2.31
readonly TARGET=x86_64-unknown-linux-gnu
readonly PROGRAM=spruce-consent
# All of the zip. `func azure functionapp publish` sets the executable bit of the one entry that host.json names.
readonly FILES=("$PROGRAM" host.json spruce-webhook/function.json consent-worker/function.json)

out=$PWD/target
target=${CARGO_TARGET_DIR:-$out}
mkdir -p "$target"
target=$(cd "$target" && pwd)

die() {
  printf 'package.sh: %s\n' "$@" >&2
  exit 1
}

need() {
  command -v "$1" >/dev/null 2>&1 || die "$1 is missing: $2"
}

need cargo "install Rust from https://rustup.rs"
need python3 "install Python 3.8 or newer (Debian, Ubuntu: apt-get install python3 python3-venv)"
readelf=$(command -v readelf || command -v llvm-readelf) ||
  die "readelf is missing: install binutils (Debian, Ubuntu: apt-get install binutils), or llvm (brew install llvm)"

# zig and cargo-zigbuild, in the versions of package-tools.txt.
tools=${PACKAGE_TOOLS:-$out/package-tools}
if [[ -z ${PACKAGE_TOOLS:-} ]] && ! cmp -s infra/package-tools.txt "$tools/installed.txt"; then
  echo "package.sh: installing zig and cargo-zigbuild below $tools" >&2
  rm -rf "$tools"
  python3 -m venv "$tools" ||
    die "Python cannot make an environment (Debian, Ubuntu: apt-get install python3-venv)"
  "$tools/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r infra/package-tools.txt ||
    die "zig and cargo-zigbuild cannot be installed from PyPI; behind a proxy, set HTTPS_PROXY or pip's index-url"
  cp infra/package-tools.txt "$tools/installed.txt"
fi
[[ -x $tools/bin/cargo-zigbuild ]] ||
  die "$tools has no bin/cargo-zigbuild: run its pip install -r infra/package-tools.txt"
export PATH="$tools/bin:$PATH"

if command -v rustup >/dev/null 2>&1 && ! rustup target list --installed | grep -qx "$TARGET"; then
  rustup target add "$TARGET"
fi

# Where things lie on this machine must not be in the program: it is nobody's business, and would change its bytes.
# Of several that fit, the compiler takes the last.
sysroot=$(rustc --print sysroot)
commit=$(rustc --version --verbose | sed -n 's/^commit-hash: //p')
cargo_home=${CARGO_HOME:-$HOME/.cargo}
remap=(
  "--remap-path-prefix=$HOME=/home"
  # The standard library's sources have this name where they are not installed.
  "--remap-path-prefix=$sysroot/lib/rustlib/src/rust=/rustc/$commit"
  "--remap-path-prefix=$cargo_home=/cargo"
  "--remap-path-prefix=$PWD=/source"
  "--remap-path-prefix=$target=/target"
)
# Separated by a character that no path has, as cargo wants it.
CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f'; printf '%s' "${remap[*]}")
export CARGO_ENCODED_RUSTFLAGS
# The same for what is written in C.
export CFLAGS="-ffile-prefix-map=$cargo_home=/cargo -ffile-prefix-map=$target=/target"
unset RUSTFLAGS

cargo zigbuild --release --locked --bin "$PROGRAM" --target "$TARGET.$GLIBC" --target-dir "$target"
built=$target/$TARGET/release/$PROGRAM

# What was asked of the linker is one thing, what the program needs another.
versions=$("$readelf" --version-info --wide "$built" | grep -o 'GLIBC_[0-9][0-9.]*' | sed 's/GLIBC_//' | sort -Vu)
newest=$(tail -n 1 <<<"$versions")
[[ -n $newest ]] || die "readelf finds no glibc version in $built"
[[ $(printf '%s\n%s\n' "$newest" "$GLIBC" | sort -V | tail -n 1) == "$GLIBC" ]] ||
  die "the program needs glibc $newest; Azure's oldest image has $GLIBC"
libraries=$("$readelf" --dynamic --wide "$built" | sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p' | sort)
foreign=$(grep -Ev '^(libc|libm|libdl|libpthread|librt)\.so\.[0-9]+$|^ld-linux-x86-64\.so\.2$' <<<"$libraries" || true)
[[ -z $foreign ]] || die "the program needs libraries that an image may not have:" "$foreign"
for path in "$HOME" "$PWD" "$cargo_home" "$target"; do
  # A home of one letter would be found in anything.
  if ((${#path} > 4)) && LC_ALL=C grep -qaF "$path" "$built"; then
    die "$built has paths of this machine in it: $path"
  fi
done

rm -rf "$out/package" "$out/package.zip"
for file in "${FILES[@]}"; do
  mkdir -p "$out/package/$(dirname "$file")"
  if [[ $file == "$PROGRAM" ]]; then
    install -m 755 "$built" "$out/package/$file"
  else
    install -m 644 "$file" "$out/package/$file"
  fi
done

python3 - "$out/package" "$out/package.zip" "${FILES[@]}" <<'PYTHON'
"""Writes the zip: entries in order, all with one time, with the modes that the host needs."""
import stat, sys, zipfile
from pathlib import Path

folder, zip_path, files = Path(sys.argv[1]), sys.argv[2], sorted(sys.argv[3:])
with zipfile.ZipFile(zip_path, "w") as package:
    for name in files:
        path = folder / name
        entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
        entry.create_system = 3  # Unix, whatever this machine is: otherwise the mode is not read
        is_program = path.stat().st_mode & stat.S_IXUSR
        entry.external_attr = (stat.S_IFREG | (0o755 if is_program else 0o644)) << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        package.writestr(entry, path.read_bytes(), compresslevel=9)
    for entry in package.infolist():
        print(f"{entry.external_attr >> 16:o} {entry.file_size:>9} {entry.filename}")
PYTHON

sha256() {
  python3 -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$1"
}
printf 'needs glibc %s and %s\n' "$newest" "$(tr '\n' ' ' <<<"$libraries")"
printf '%s\n' "$(rustc --version), $(cargo-zigbuild --version), zig $(python3 -m ziglang version)"
printf '%s  %s\n' "$(sha256 "$built")" "$PROGRAM" "$(sha256 "$out/package.zip")" target/package.zip
printf 'target/package.zip has %s bytes\n' "$(wc -c <"$out/package.zip" | tr -d ' ')"
