# SPDX-License-Identifier: ISC
# Varnish (6.0 or newer) in front of httpd: what was asked once is answered from memory. Run by a test.
#
#	varnishd -a :80 -f /etc/varnish/httpd.vcl -s malloc,256m
#
# httpd needs no option for this. Its ETag and Last-Modified let Varnish ask whether a file is still the same, which
# costs a 304 without a body; its Vary keeps the compressed form apart from the other; and Varnish cuts ranges out of
# what it has by itself. How long a file may be taken for unchanged is the site's own decision:
#	httpd --cache-control='*.css=max-age=86400' --cache-control='max-age=60' --proxy-protocol /var/www/html
vcl 4.1;

import purge;
import std;

backend httpd {
	# Where httpd's supervisor listens, for nobody but Varnish.
	.host = "127.0.0.1";
	.port = "8080";
	# The client's address, for httpd's log; httpd gets --proxy-protocol.
	.proxy_header = 2;
	.connect_timeout = 2s;
	.first_byte_timeout = 10s;
}

# Who may say that a file has changed.
acl publishers {
	"localhost";
}

sub vcl_recv {
	if (req.method == "PURGE") {
		if (client.ip !~ publishers) {
			return (synth(405));
		}
		return (hash);
	}
	# Files do not depend on who asks: without these two Varnish would take nothing from memory for clients that
	# send them.
	unset req.http.Cookie;
	unset req.http.Authorization;
}

# Without --vhosts httpd gives every host name the same files: one copy in memory is enough. With it, leave this out, and
# let the purges name the host.
sub vcl_hash {
	hash_data(req.url);
	return (lookup);
}

# A purge makes what is in memory stale and does not throw it away: if the file is the same after all, a 304 brings it
# back.
sub purge_softly {
	purge.soft(0s, 0s);
	return (synth(200, "Purged"));
}

sub vcl_hit {
	if (req.method == "PURGE") {
		call purge_softly;
	}
}

sub vcl_miss {
	if (req.method == "PURGE") {
		call purge_softly;
	}
}

sub vcl_backend_response {
	# What cannot be kept in memory goes past it, ranges included.
	if (std.integer(beresp.http.Content-Length, 0) > 33554432) {
		return (pass(1h));
	}
	# Without --cache-control: ten seconds, as a change should show soon. Refusals too, or they would stay longer than
	# what replaces them.
	if (!beresp.http.Cache-Control || beresp.status >= 400) {
		set beresp.ttl = 10s;
	}
	# Past its time the old answer is given for a minute more, while the new one is fetched.
	set beresp.grace = 1m;
	# And kept for a day more, to be asked for with If-None-Match.
	set beresp.keep = 1d;
}
