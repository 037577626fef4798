# SPDX-License-Identifier: ISC
# Varnish (6.0 or newer) in front of httpd: what was asked once is answered from memory, and for the rest Varnish keeps its
# connections to httpd. With the line "SocketGroup=varnish" for httpd-behind-proxy.socket, as that unit tells; the socket
# has to be there when this file is loaded. Run by a test.
#
#	varnishd -a :80 -a purge=127.0.0.1:6080 -f /etc/varnish/httpd.vcl -s malloc,256m
#
# Purges are taken on the listener named "purge" only. Programs that send their clients' requests on to port 80 of this
# machine, such as a TLS terminator, cannot pass a PURGE of a client on to it.
#
# Its ETag and Last-Modified let Varnish ask whether a file is still the same, which
# costs a 304 without a body; its Vary keeps the compressed form apart from the other; and Varnish cuts ranges out of
# what it has by itself. How long a file may be taken for unchanged is the site's own decision, in HTTPD_OPTIONS:
#	--cache-control='*.css=max-age=86400' --cache-control='max-age=60'
vcl 4.1;

import purge;
import std;

backend httpd {
	# Varnish closes a connection that it has not used for 60 seconds (its parameter backend_idle_timeout), which is less
	# than --idle in httpd-behind-proxy@.service.
	.path = "/run/httpd-behind-proxy.sock";
	.connect_timeout = 2s;
	.first_byte_timeout = 10s;
}

sub vcl_recv {
	# The client's address, for httpd's log, in the place of whatever the client has written there. Behind a TLS terminator
	# on this machine, let that send a PROXY header, and Varnish take it: `-a 127.0.0.1:8443,PROXY`.
	set req.http.X-Forwarded-For = client.ip;
	if (req.method == "PURGE") {
		if (local.socket != "purge") {
			return (synth(405));
		}
		return (hash);
	}
	# Nothing in memory may depend on what is not in vcl_hash. A Host that httpd refuses would otherwise be one
	# client's 400 for everybody. With --vhosts leave this line out, and vcl_hash below.
	set req.http.Host = "localhost";
	# Files do not depend on who asks: without these two Varnish would take nothing from memory for clients that
	# send them.
	unset req.http.Cookie;
	unset req.http.Authorization;
}

# Without --vhosts httpd gives every host name the same files: one copy in memory is enough. With --vhosts, leave this out,
# and let the purges name the host.
# An object in memory is sent to every client, also to those that --deny-agent and --min-agent would refuse: behind a cache
# such a rule belongs into vcl_recv.
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

# A process of httpd's may end in the moment when Varnish sends it a request. Varnish itself asks again once, and this
# three times more, as the connection that it takes then may have ended as well.
sub vcl_backend_error {
	if (bereq.retries < 3) {
		return (retry);
	}
}

sub vcl_backend_response {
	# An object too large for the memory is not kept, and neither are its ranges.
	if (std.integer(beresp.http.Content-Length, 0) > 33554432) {
		return (pass(1h));
	}
	# An error belongs to the request that caused it: 400 to its syntax, 403 perhaps to its User-Agent, 503 to its
	# moment. One client's error must not reach another, so it is not kept. When the request came for a file in
	# memory whose time is over, that copy stays. A 404 follows from the address alone.
	if (beresp.status >= 400 && beresp.status != 404) {
		if (bereq.is_bgfetch) {
			return (abandon);
		}
		set beresp.uncacheable = true;
		# For a second nobody waits for the answer to somebody else's request for this address.
		set beresp.ttl = 1s;
		return (deliver);
	}
	# Without --cache-control: ten seconds, as a change should show soon. A 404 too, or it would stay longer than the
	# file that replaces it.
	if (!beresp.http.Cache-Control || beresp.status == 404) {
		set beresp.ttl = 10s;
	}
	# Past its time the old answer is given for a minute more, while the new one is fetched.
	set beresp.grace = 1m;
	# And kept for a day more, to be asked for with If-None-Match.
	set beresp.keep = 1d;
}
