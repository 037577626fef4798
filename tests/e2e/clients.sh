#!/bin/sh
# SPDX-License-Identifier: ISC
# curl and wget, as people use them, against a site under tcpserver: tests/e2e/clients.sh [HTTPD...]
set -u
unset CDPATH
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/script
. tests/lib/script
export LC_ALL=C.UTF-8
work=$(mktemp -d) site=$work/site server=
mkdir "$site"
trap 'stop; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# ---- the server ----

stop() {
	[ -z "$server" ] || kill "$server" 2>/dev/null
	[ -z "$server" ] || wait "$server" 2>/dev/null
	server=
}

# A new server with its own log. tcpserver prints the port, which the kernel chooses.
serve() { # options of httpd
	stop
	: >"$work/port"
	: >"$work/log"
	tcpserver -1RHl0 127.0.0.1 0 "$httpd" "$@" "$site" >"$work/port" 2>>"$work/log" &
	server=$!
	tries=0
	until [ -s "$work/port" ] || [ $tries -eq $((20 * HANG)) ]; do
		sleep 0.05
		tries=$((tries + 1))
	done
	url=http://127.0.0.1:$(cat "$work/port")
}

# ---- counting and reporting ----

ok() { # name of the test, a command that succeeds
	name=$1
	shift
	if "$@" >"$work/said" 2>&1; then passed=$((passed + 1)); else
		echo "not ok $httpd: $name"
		sed -n 's/^/    /; 1,10p' "$work/said"
		failed=$((failed + 1))
	fi
}

is() { # name of the test, expected value, value
	if [ "$2" = "$3" ]; then passed=$((passed + 1)); else
		echo "not ok $httpd: $1: '$3', not '$2'"
		failed=$((failed + 1))
	fi
}

# The status of one answer. Its body goes to $work/body, its head to $work/head.
get() { # options of curl, URL
	: >"$work/body"
	: >"$work/head"
	curl -sS -m "$HANG" -D "$work/head" -o "$work/body" -w '%{http_code}' "$@"
}

field() { # name of a field of the last head
	tr -d '\r' <"$work/head" | awk -v name="$1:" 'tolower($1) == tolower(name) { sub(/^[^ ]* /, ""); print }'
}

cut_out() { # file, offset, length
	tail -c +$(($2 + 1)) "$1" | head -c "$3"
}

same() { # file: compares it with the body
	cmp "$1" "$work/body"
}

sha() {
	sha256sum <"$1"
}

# Whether the log line of the last answer matches; it may be written a moment after the answer.
logged() { # extended regular expression
	tries=0
	until tail -n 1 "$work/log" | grep -qE "$1"; do
		tries=$((tries + 1))
		[ $tries -lt $((20 * HANG)) ] || break
		sleep 0.05
	done
	[ $tries -lt $((20 * HANG)) ] && return
	tail -n 1 "$work/log"
	return 1
}

# ---- the site ----

GIB=$((1024 * 1024 * 1024))
BIG=$((4 * GIB + GIB / 2)) # of the sparse file

make_site() {
	seq 1 400000 >"$site/numbers.txt" # 2.7 MB
	cp www/picture.jpg www/index.html www/style.css www/icon.svg "$site"
	seq 1 5000 >"$site/data.json"
	gzip -9nk "$site/data.json"
	touch -r "$site/data.json" "$site/data.json.gz"
	for file in "$site"/*; do touch -d '2024-02-29 12:00:00 UTC' "$file"; done
	mkdir -p "$site/tree/sub dir" "$site/tree/empty"
	for name in a.txt 'two words.txt' 'ampersand & semicolon;.txt' 'hash#mark.txt' '100%.txt' 'grüße.txt' \
		"quote'\".txt" 'plus+plus.txt' 'colon:colon.txt' '<b>.txt' 'sub dir/deep.txt'; do
		echo "$name" >"$site/tree/$name"
	done
	echo 'TOP-SECRET' >"$work/secret.txt"
	echo 'TOP-SECRET' >"$site/.hidden"
	ln -s ../secret.txt "$site/leads-out.txt"
	truncate -s $BIG "$site/big.bin" 2>/dev/null || { rm -f "$site/big.bin" && return; }
	printf 'across 4 GiB' | dd of="$site/big.bin" bs=1 seek=$((4 * GIB - 6)) conv=notrunc status=none
	printf 'the last bytes' | dd of="$site/big.bin" bs=1 seek=$((BIG - 14)) conv=notrunc status=none
}

# ---- the tests ----

# Splits a multipart/byteranges body with a parser of its own: each part into one file, its Content-Range into another.
take_apart() {
	rm -f "$work"/part.*
	python3 - "$work" <<-'PYTHON'
		import email, pathlib, sys
		work = pathlib.Path(sys.argv[1])
		head = work.joinpath("head").read_bytes().split(b"\r\n", 1)[1]
		message = email.message_from_bytes(head + work.joinpath("body").read_bytes())
		assert message.get_content_type() == "multipart/byteranges" and not message.defects, message.defects
		for number, part in enumerate(message.get_payload()):
		    assert not part.defects and part.get_content_type() == "text/plain", part.as_bytes()
		    work.joinpath(f"part.{number}").write_bytes(part.get_payload(decode=True))
		    work.joinpath(f"part.{number}.range").write_text(part["Content-Range"])
	PYTHON
}

part_is() { # number, first byte, last byte
	cut_out "$site/numbers.txt" "$2" $(($3 - $2 + 1)) | cmp - "$work/part.$1" &&
		[ "$(cat "$work/part.$1.range")" = "bytes $2-$3/$size" ]
}

in_parts() {
	ok 'three ranges: a whole multipart' take_apart
	ok 'three ranges: the first' part_is 0 0 9
	ok 'three ranges: the second' part_is 1 100000 199999
	ok 'three ranges: the third' part_is 2 $((size - 5)) $((size - 1))
	ok 'three ranges: no fourth' [ ! -e "$work/part.3" ]
	is 'thousands of ranges' 206 "$(get -r "$(seq 2 4 9998 | sed 's/.*/&-&/' | paste -sd , -)" "$url/numbers.txt")"
	ok 'thousands of ranges: a whole multipart' take_apart
	ok 'thousands of ranges: the first' part_is 0 2 2
	ok 'thousands of ranges: the last' part_is 2499 9998 9998
	rm -f "$work"/part.*
}

ranges() {
	size=$(wc -c <"$site/numbers.txt")
	for range in 0-0 0-99 100-70099 8000-16200 $((size - 1))-; do
		first=${range%-*} last=${range#*-}
		is "-r $range" 206 "$(get -r "$range" "$url/numbers.txt")"
		is "-r $range: its place" "bytes $first-${last:-$first}/$size" "$(field content-range)"
		cut_out "$site/numbers.txt" "$first" $((${last:-$first} - first + 1)) >"$work/want"
		ok "-r $range: its bytes" same "$work/want"
	done
	is '-r -500' 206 "$(get -r -500 "$url/numbers.txt")"
	tail -c 500 "$site/numbers.txt" >"$work/want"
	ok '-r -500: its bytes' same "$work/want"
	ok 'the log has 206 and what it sent' logged '"GET /numbers.txt HTTP/1.1" 206 500 '
	is '-r longer than the file' 206 "$(get -r 0-99999999 "$url/numbers.txt")"
	ok '-r longer than the file: its bytes' same "$site/numbers.txt"
	is '-r behind the end' 416 "$(get -r "$size-" "$url/numbers.txt")"
	is '-r behind the end: the size' "bytes */$size" "$(field content-range)"
	is 'three ranges' 206 "$(get -r 0-9,100000-199999,-5 "$url/numbers.txt")"
	if lacks python3; then
		leave_out 'what is in a multipart answer'
	else
		in_parts
	fi
	is 'thousands of the same range' 200 "$(get -r "$(seq 5000 | sed 's/.*/0-9/' | paste -sd , -)" "$url/numbers.txt")"
	ok 'thousands of the same range: the file' same "$site/numbers.txt"
	is 'a range and nonsense' '200 ' "$(get -H 'Range: bytes=0-4,x' "$url/numbers.txt") $(field content-range)"
	ok 'a range and nonsense: the file' same "$site/numbers.txt"
}

conditions() {
	is '-z a date behind the change' 304 "$(get -z '1 Mar 2024 00:00:00 GMT' "$url/numbers.txt")"
	ok '-z a date behind the change: by the server' logged '" 304 0 ' # curl itself prints 304 for a body that it discards
	is '-z a date before it' 200 "$(get -z '29 Feb 2024 11:59:59 GMT' "$url/numbers.txt")"
	ok '-z a date before it: the file' same "$site/numbers.txt"
	touch -r "$site/numbers.txt" "$work/copy"
	is '-z a copy as old' 304 "$(get -z "$work/copy" "$url/numbers.txt")"
	ok '-z a copy as old: by the server' logged '" 304 0 '
	touch -d '2024-02-29 11:59:59 UTC' "$work/copy"
	is '-z a copy a second older' 200 "$(get -z "$work/copy" "$url/numbers.txt")"
	rm -f "$work/etag"
	is '--etag-save' 200 "$(get --etag-save "$work/etag" "$url/numbers.txt")"
	is '--etag-compare' 304 "$(get --etag-compare "$work/etag" "$url/numbers.txt")"
	ok 'the log has 304 and nothing sent' logged '" 304 0 '
	touch -d '2024-02-29 12:00:01 UTC' "$site/numbers.txt"
	is '--etag-compare with a changed file' 200 "$(get --etag-compare "$work/etag" "$url/numbers.txt")"
	touch -d '2024-02-29 12:00:00 UTC' "$site/numbers.txt"
	get -R "$url/numbers.txt" >/dev/null
	is '-R keeps the time' '2024-02-29 12:00:00' "$(date -u -r "$work/body" '+%F %T')"
}

coding() { # name, file ending, its tool
	tool=$3
	if lacks "$tool"; then
		leave_out "$1 siblings"
		return
	fi
	[ -e "$site/data.json.$2" ] || "$tool" -k "$site/data.json" 2>/dev/null
	is "$1 is sent" "200 $1" "$(get -H "Accept-Encoding: $1" "$url/data.json") $(field content-encoding)"
	ok "$1: the sibling as it is" same "$site/data.json.$2"
	"$tool" -dc <"$work/body" >"$work/decoded"
	ok "$1: decoded by $tool" cmp "$site/data.json" "$work/decoded"
	is "$1: the type is that of the file" application/json "$(field content-type)"
	is "$1: Vary" Accept-Encoding "$(field vary)"
	eval "etag_$2=\$(field etag)"
	is "a range of $1" 206 "$(get -r 10-29 -H "Accept-Encoding: $1" "$url/data.json")"
	cut_out "$site/data.json.$2" 10 20 >"$work/want"
	ok "a range of $1: its bytes" same "$work/want"
	if curl --version | grep -qw "$4"; then
		get --compressed -H "Accept-Encoding: $1" "$url/data.json" >/dev/null
		ok "--compressed of $1" same "$site/data.json"
	else
		echo "left out: curl --compressed of $1 (this curl was built without it)"
	fi
	is "$1: 304 by its own tag" 304 "$(get -H "Accept-Encoding: $1" -H "If-None-Match: $(field etag)" "$url/data.json")"
}

# Compressors copy the time of the original, some without its fraction. Their files are sent nevertheless.
copied_times() {
	for tool in gzip pigz zstd brotli; do
		if lacks $tool; then
			leave_out "siblings made by $tool"
			continue
		fi
		case $tool in zstd) coding=zstd ;; brotli) coding=br ;; *) coding=gzip ;; esac
		rm -f "$site"/timed.css*
		seq 1 999 >"$site/timed.css"
		touch -d '2024-02-29 12:00:00.987654321 UTC' "$site/timed.css"
		$tool -k "$site/timed.css" 2>/dev/null
		is "$tool: its sibling is sent" "200 $coding" \
			"$(get -H "Accept-Encoding: $coding" "$url/timed.css") $(field content-encoding)"
	done
	rm -f "$site"/timed.css*
}

# Images and archives give all their files one time. There is no Last-Modified then, and the ETag still tells versions
# apart.
constant_times() {
	for time in @0 @1 '1980-01-01 UTC' '1985-10-26 08:15 UTC'; do
		echo 'price: 100' >"$site/price.txt"
		touch -d "$time" "$site/price.txt"
		is "$time: no date" '200 ' "$(get "$url/price.txt") $(field last-modified)"
		tag=$(field etag)
		is "$time: the same" 304 "$(get -H "If-None-Match: $tag" "$url/price.txt")"
		is "$time: by a date" 200 "$(get -z '1 Mar 2024 00:00:00 GMT' "$url/price.txt")"
		is "$time: a part" 206 "$(get -r 7- -H "If-Range: $tag" "$url/price.txt")"
		is "$time: a part by a date" 200 \
			"$(get -r 7- -H "If-Range: $(LC_ALL=C date -u -d "$time" '+%a, %d %b %Y %T GMT')" "$url/price.txt")"
		echo 'price: 999' >"$site/new"
		touch -d "$time" "$site/new"
		mv "$site/new" "$site/price.txt"
		is "$time: another version" 200 "$(get -H "If-None-Match: $tag" "$url/price.txt")"
		is "$time: no part of another version" 200 "$(get -r 7- -H "If-Range: $tag" "$url/price.txt")"
	done
	rm "$site/price.txt"
}

codings() {
	etag_gz='' etag_br='' etag_zst=''
	is 'no Accept-Encoding: the file itself' "200 " "$(get "$url/data.json") $(field content-encoding)"
	ok 'no Accept-Encoding: its bytes' same "$site/data.json"
	etag=$(field etag)
	coding gzip gz gzip libz
	coding zstd zst zstd zstd
	coding br br brotli brotli
	get --compressed "$url/data.json" >/dev/null
	ok '--compressed, as curl prefers' same "$site/data.json"
	ok '--compressed, as curl prefers: something was' [ -n "$(field content-encoding)" ]
	twice=$(printf '%s\n' "$etag" "$etag_gz" "$etag_br" "$etag_zst" | grep . | sort | uniq -d)
	is 'each form has its own ETag' '' "$twice"
}

downloads() {
	rm -f "$work/body"
	curl -sS -m "$HANG" "$url/numbers.txt" 2>/dev/null | head -c 1234567 >"$work/body"
	ok '-C - resumes it' curl -sS -m "$HANG" -C - -o "$work/body" "$url/numbers.txt"
	is '-C - resumes it: the whole' "$(sha "$site/numbers.txt")" "$(sha "$work/body")"
	ok '-C - resumes it: with 206' logged '" 206 '
	is '--http1.0' '200 HTTP/1.1 200 OK' "$(get --http1.0 "$url/numbers.txt") $(head -n 1 "$work/head" | tr -d '\r')"
	ok '--http1.0: its bytes' same "$site/numbers.txt"
	is '-I' 200 "$(get -I "$url/picture.jpg")"
	grep -v '^Date:' "$work/head" >"$work/head-of-head"
	get "$url/picture.jpg" >/dev/null
	grep -v '^Date:' "$work/head" >"$work/head-of-get"
	ok '-I: the head of GET' cmp "$work/head-of-head" "$work/head-of-get"
	is '-I: the type' image/jpeg "$(field content-type)"
	is '-I: the length' "$(wc -c <www/picture.jpg)" "$(field content-length)"
	is '-f of what is not there' 22 "$(curl -sf -m "$HANG" -o /dev/null "$url/none"; echo $?)"
}

# Programs that fetch the changed parts of a file, with up to 20 ranges (zsync) or 256 (zchunk) in a request.
deltas() {
	mkdir -p "$site/delta" "$work/delta"
	seq 1 1200000 >"$site/delta/new.txt"
	awk 'NR % 24000 == 7 { print "changed" NR; next } { print }' "$site/delta/new.txt" >"$work/delta/old.txt"
	if lacks zsync; then
		leave_out 'zsync as a client'
	else
		(cd "$site/delta" && zsyncmake -u new.txt -o new.txt.zsync new.txt) >"$work/said" 2>&1
		ok zsync in_delta zsync -q -i old.txt -o new.txt "$url/delta/new.txt.zsync"
		ok 'zsync: the file' cmp "$site/delta/new.txt" "$work/delta/new.txt"
		ok 'zsync: every answer is of parts' all_parts new.txt
	fi
	if lacks zckdl; then
		leave_out 'zckdl as a client'
	else
		(cd "$site/delta" && zck new.txt -o new.zck && cd "$work/delta" && zck old.txt -o old.zck) >"$work/said" 2>&1
		ok zckdl in_delta zckdl -s old.zck "$url/delta/new.zck"
		ok 'zckdl: the file' cmp "$site/delta/new.zck" "$work/delta/new.zck"
		ok 'zckdl: every answer is of parts' all_parts new.zck
	fi
	rm -rf "$site/delta" "$work/delta"
}

# An image with one layer as files, and the option of httpd(8) that makes them a registry.
registry() {
	if lacks skopeo; then
		leave_out 'skopeo as a client'
		return
	fi
	image=$site/v2/team/hello
	mkdir -p "$image/manifests" "$image/blobs"
	: >"$site/v2/index.html"
	tar -C www --sort=name --mtime=@0 --owner=0 --group=0 -cf "$work/layer" index.html
	gzip -n <"$work/layer" >"$work/blob"
	printf '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["%s"]}}' \
		"$(digest "$work/layer")" >"$work/config"
	printf '{"schemaVersion":2,"config":{%s},"layers":[{%s}]}' \
		"$(described application/vnd.oci.image.config.v1+json "$work/config")" \
		"$(described application/vnd.oci.image.layer.v1.tar+gzip "$work/blob")" >"$image/manifests/latest"
	for blob in config blob; do cp "$work/$blob" "$image/blobs/$(digest "$work/$blob")"; done
	serve
	ok 'skopeo: a manifest without its type is refused' fails copy_image
	serve '--type=/v2/*/manifests/*=application/vnd.oci.image.manifest.v1+json'
	ok 'skopeo copies an image' copy_image
	ok 'skopeo copies an image: its layer' cmp "$work/blob" "$work/image/blobs/sha256/$(sha256sum <"$work/blob" | cut -d' ' -f1)"
	rm -rf "$site/v2" "$work/image"
	serve
}

digest() { # a file
	echo "sha256:$(sha256sum <"$1" | cut -d' ' -f1)"
}

described() { # type, file: the members of JSON that describe it
	printf '"mediaType":"%s","digest":"%s","size":%d' "$1" "$(digest "$2")" "$(wc -c <"$2")"
}

copy_image() {
	rm -rf "$work/image"
	timeout "$HANG" skopeo --insecure-policy copy --src-tls-verify=false "docker://${url#http://}/team/hello:latest" \
		"oci:$work/image:latest"
}

fails() { # a command
	! "$@"
}

in_delta() { # a command
	(cd "$work/delta" && timeout "$HANG" "$@")
}

all_parts() { # a file: parts of it were sent, and never all of it
	logged "\"GET /delta/$1 HTTP/1.1\" 206 " && ! grep "\"GET /delta/$1 HTTP/1.1\" 200 " "$work/log"
}

big() {
	if [ ! -e "$site/big.bin" ]; then
		echo "left out: real clients and a file of 4.5 GiB (its file system or a limit allows none in ${TMPDIR:-/tmp})"
		return
	fi
	is 'HEAD of 4.5 GiB' "200 $BIG" "$(get -I "$url/big.bin") $(field content-length)"
	is 'the last bytes of 4.5 GiB' 206 "$(get -r -14 "$url/big.bin")"
	is 'the last bytes of 4.5 GiB: they are' 'the last bytes' "$(cat "$work/body")"
	is 'the last bytes of 4.5 GiB: their place' "bytes $((BIG - 14))-$((BIG - 1))/$BIG" "$(field content-range)"
	get -r $((4 * GIB - 6))-$((4 * GIB + 5)) "$url/big.bin" >/dev/null
	is 'bytes on both sides of 4 GiB' 'across 4 GiB' "$(cat "$work/body")"
	truncate -s $((BIG - 4)) "$work/most.bin"
	ok '-C - behind 4 GiB' curl -sS -m "$HANG" -C - -o "$work/most.bin" "$url/big.bin"
	is '-C - behind 4 GiB: the rest' "$BIG ytes" "$(wc -c <"$work/most.bin") $(tail -c 4 "$work/most.bin")"
}

traversal() {
	for path in /../secret.txt /../../../../../../../../etc/passwd /tree/../../secret.txt /%2e%2e/secret.txt \
		/tree/%2e%2e/%2e%2e/secret.txt /..%2fsecret.txt /%2e%2e%2fsecret.txt /..%5csecret.txt '/..\secret.txt' \
		//etc/passwd /./.././secret.txt '/tree/..;/..;/secret.txt' /.hidden /tree/../.hidden /%2ehidden /leads-out.txt \
		'/numbers.txt/../../secret.txt' '/%c0%ae%c0%ae/secret.txt' '/..%00/secret.txt' /proc/self/root/etc/passwd; do
		status=$(get --path-as-is "$url$path")
		ok "--path-as-is $path is refused: $status" expr "$status" : '40[034]$'
		ok "--path-as-is $path gives nothing away" lacks_secrets
	done
	is '--path-as-is within the site' 200 "$(get --path-as-is "$url/tree/../data.json")"
}

lacks_secrets() {
	! grep -e TOP-SECRET -e root: "$work/body"
}

methods() {
	head -c 3000000 /dev/zero >"$work/upload"
	for arguments in "-T $work/upload" "-X PUT" "-X PUT --data-binary @$work/upload -H Expect:" "-d a=b" \
		"--data-binary @$work/upload" "-F f=@$work/upload" "-X DELETE"; do
		# shellcheck disable=SC2086 # several words
		is "$arguments" '405 GET, HEAD, OPTIONS' "$(get $arguments "$url/data.json") $(field allow)"
	done
	is '-X of what is no method' 501 "$(get -X BREW "$url/data.json")"
	is 'OPTIONS' '204 GET, HEAD, OPTIONS' "$(get -X OPTIONS "$url/data.json") $(field allow)"
	is 'the file is as it was' "$(seq 1 5000 | sha256sum)" "$(sha "$site/data.json")"
}

connections() { # URLs; how many connections curl made
	# shellcheck disable=SC2046 # a word for each
	curl -sS -m "$HANG" -w '%{num_connects}\n' $(for u in "$@"; do printf ' -o /dev/null %s' "$url/$u"; done) |
		awk '{ n += $1 } END { print n + 0 }'
}

one_each() {
	is 'without --keep-alive, a connection for each' 3 "$(connections data.json none numbers.txt)"
	ok 'many at once' curl -sS -m "$HANG" --parallel --parallel-immediate -f -o "$work/many.#1" "$url/picture.jpg?[1-30]"
	for n in $(seq 30); do
		cmp -s www/picture.jpg "$work/many.$n" || echo "$n"
	done >"$work/different"
	is 'many at once: all whole' '' "$(cat "$work/different")"
}

kept_alive() {
	curl -sSv -m "$HANG" -o "$work/one" -o "$work/two" "$url/numbers.txt" "$url/data.json" >"$work/said" 2>&1
	is 'curl used the connection again' 1 "$(grep -ciE 're-?using existing .*connection' "$work/said")"
	ok 'the first on one connection' cmp "$work/one" "$site/numbers.txt"
	ok 'the second on one connection' cmp "$work/two" "$site/data.json"
	made=$(connections data.json none big.bin/ tree tree/ picture.jpg data.json)
	is 'all kinds of answers on one connection' 1 "$made"
	made=$(curl -sSI -m "$HANG" -w '%{num_connects}\n' "$url/data.json" "$url/picture.jpg" | grep '^[01]$' | xargs)
	is 'and after a HEAD too' '1 0' "$made"
	made=$(curl -sS -m "$HANG" -z '1 Mar 2024 00:00:00 GMT' -o /dev/null -o /dev/null \
		-w '%{http_code} %{num_connects}\n' "$url/data.json" "$url/picture.jpg" | xargs)
	is 'a 304 ends no connection' '304 1 304 0' "$made"
	reached=$(curl -sSL -m "$HANG" -o "$work/body" -w '%{http_code} %{url_effective}' "$url/tree")
	is '-L to a directory' "200 $url/tree/" "$reached"
	ok '-L to a directory: its listing' grep -q 'href="gr%C3%BC%C3%9Fe.txt"' "$work/body"
	serve --keep-alive=2
	is '--keep-alive=2: five on three connections' 3 "$(connections data.json data.json data.json data.json data.json)"
	is '--http1.0 with --keep-alive' "200 close" "$(get --http1.0 "$url/data.json") $(field connection)"
	ok '--http1.0 with --keep-alive: its bytes' same "$site/data.json"
}

with_wget() {
	if lacks wget; then
		leave_out 'wget as a client'
		return
	fi
	rm -rf "$work/wget"
	mkdir "$work/wget"
	(
		cd "$work/wget" || exit
		head -c 1000000 "$site/numbers.txt" >numbers.txt
		wget -nv -t 1 -T "$HANG" -c "$url/numbers.txt"
	) >"$work/said" 2>&1
	is 'wget -c' "$(sha "$site/numbers.txt")" "$(sha "$work/wget/numbers.txt")"
	ok 'wget -c: only the rest came' logged "\" 206 $(($(wc -c <"$site/numbers.txt") - 1000000)) "
	(
		cd "$work/wget" || exit
		wget -t 1 -T "$HANG" -c "$url/numbers.txt" 2>&1 | grep -c 'nothing to do'
	) >"$work/said" 2>&1
	is 'wget -c of what is whole' 1 "$(cat "$work/said")"
	(cd "$work/wget" && wget -nv -t 1 -T "$HANG" -N "$url/picture.jpg") >"$work/said" 2>&1
	ok 'wget -N, the first time' cmp "$work/wget/picture.jpg" www/picture.jpg
	(cd "$work/wget" && wget -nv -t 1 -T "$HANG" -N "$url/picture.jpg") >"$work/said" 2>&1
	ok 'wget -N, the second time' logged '"GET /picture.jpg HTTP/1.1" 304 0 '
	touch -d '2024-02-29 12:00:01 UTC' "$site/picture.jpg"
	(cd "$work/wget" && wget -nv -t 1 -T "$HANG" -N "$url/picture.jpg") >"$work/said" 2>&1
	ok 'wget -N, when it has changed' logged '"GET /picture.jpg HTTP/1.1" 200 '
	touch -d '2024-02-29 12:00:00 UTC' "$site/picture.jpg"
	(cd "$work/wget" && wget -nv -t 1 -T "$HANG" -r -np -nH --restrict-file-names=nocontrol "$url/tree/") >"$work/said" 2>&1
	is 'wget -r has no complaint' 0 $?
	find "$work/wget/tree" -name index.html -delete
	ok 'wget -r of a listing: every file as it is' diff -r "$site/tree" "$work/wget/tree"
}

[ $# -gt 0 ] || set -- build/httpd build/portable/httpd
if lacks curl tcpserver; then
	leave_out 'real clients'
	finish
	exit
fi
lacks "${MAKE:-make}" || "${MAKE:-make}" BUILD=build/portable PORTABLE=1 >/dev/null || exit 1
make_site
for httpd; do
	case $httpd in /*) ;; *) httpd=$PWD/$httpd ;; esac
	[ -x "$httpd" ] || { echo "left out: real clients of $httpd (it is not built)"; continue; }
	serve
	ranges
	conditions
	codings
	deltas
	registry
	copied_times
	constant_times
	downloads
	big
	traversal
	methods
	one_each
	serve --keep-alive --listing
	kept_alive
	serve --listing
	with_wget
	ok 'nothing but answers in the log' sh -c "! grep -vE '^127\\.0\\.0\\.1 - - \\[[^]]+\\] \"' '$work/log'"
done
finish
