# SPDX-License-Identifier: ISC
# Varnish (6.0 or newer) in front of httpd: repeated requests are answered from memory, and for the others Varnish keeps
# its connections to httpd. With the line "SocketGroup=varnish" for httpd-behind-proxy.socket, as that unit tells; the
# socket has to exist when this file is loaded. Run by a test.
#
#	varnishd -a :80 -a purge=127.0.0.1:6080 -f /etc/varnish/httpd.vcl -s malloc,256m
#
# Purges are taken on the listener named "purge" only. So a program that passes requests of clients on to port 80 of this
# machine, such as a TLS terminator, cannot pass on a PURGE.
#
# By httpd's ETag and Last-Modified, Varnish can ask whether a file is still the same, which costs a 304 without a body.
# By its Vary, Varnish keeps the compressed form apart from the other. Varnish itself cuts ranges out of files in memory.
# How long a file may be used without asking is the decision of the site, in HTTPD_OPTIONS:
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
	# The client's address for httpd's log. It replaces a field that the client sent. Behind a TLS terminator on this
	# machine, let that send a PROXY header, and let Varnish take it: `-a 127.0.0.1:8443,PROXY`.
	set req.http.X-Forwarded-For = client.ip;
	if (req.method == "PURGE") {
		if (local.socket != "purge") {
			return (synth(405));
		}
		return (hash);
	}
	# An object in memory may only depend on the fields in vcl_hash. Otherwise a Host that httpd refuses would become
	# a 400 for all clients. With --vhosts leave out this line, and vcl_hash below.
	set req.http.Host = "localhost";
	# Files do not depend on these two fields. Varnish would take nothing from memory for requests that have them.
	unset req.http.Cookie;
	unset req.http.Authorization;
}

# Without --vhosts httpd has the same files for every host name: one copy in memory is enough. With --vhosts, leave this
# out, and let the purges name the host.
# An object in memory is sent to every client, also to those that --deny-agent and --min-agent would refuse. Behind a
# cache such a rule belongs into vcl_recv.
sub vcl_hash {
	hash_data(req.url);
	return (lookup);
}

# A purge marks an object in memory as stale and does not remove it: if the file is the same after all, a 304 makes the
# object valid again.
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

# A process of httpd may end in the moment when Varnish sends it a request. Varnish repeats the request once, and by this
# three times more, as the next connection may have ended as well.
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
	# An error belongs to the request that caused it: 400 to its syntax, 403 perhaps to its User-Agent, 503 to the
	# moment. It is not kept, as one client's error must not reach another. If an expired object of the same address
	# is in memory, it stays. A 404 depends on the address alone.
	if (beresp.status >= 400 && beresp.status != 404) {
		if (bereq.is_bgfetch) {
			return (abandon);
		}
		set beresp.uncacheable = true;
		# For a second, no request waits for the answer to another request for this address.
		set beresp.ttl = 1s;
		return (deliver);
	}
	# The default without --cache-control: ten seconds, so that a change shows soon. It is also for a 404, which must
	# not outlive the creation of its file.
	if (!beresp.http.Cache-Control || beresp.status == 404) {
		set beresp.ttl = 10s;
	}
	# For a minute after its time an object is still sent, while the new one is fetched.
	set beresp.grace = 1m;
	# For a further day it is kept, to be asked for with If-None-Match.
	set beresp.keep = 1d;
}
