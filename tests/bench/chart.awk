# SPDX-License-Identifier: ISC
#
# Draws cost.tsv as bars: awk -v date= -v machine= -v versions= -v each= -v compiler= -f chart.awk cost.tsv >cost.svg
#
# It has a ground of its own, for it is shown on light and on dark pages.

function escape(text) {
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	return text
}

function text(x, y, class, words) {
	printf "<text x=\"%d\" y=\"%d\" class=\"%s\">%s</text>\n", x, y, class, escape(words)
}

BEGIN {
	FS = "\t"
	WIDTH = 860
	BARS = 190 # where they begin
	LONGEST = 270
	ROW = 34
	TOP = 98
	split("572 658 752 838", column, " ")
}

NR > 1 {
	n++
	name[n] = $1
	ratio[n] = $8
	beside[n, 1] = sprintf("%.0f", $2)
	beside[n, 2] = sprintf("%.0f", $4)
	beside[n, 3] = $5
	beside[n, 4] = sprintf("%.0f", $6)
	if ($8 > most)
		most = $8
}

END {
	height = TOP + n * ROW + 82
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">\n", \
		WIDTH, height, WIDTH, height
	words = "CPU time of one connection, beside the least file sender in the same sandbox"
	printf "<title>%s</title>\n<desc>", words
	for (i = 1; i <= n; i++)
		printf "%s%s %.2f", (i > 1 ? ", " : ""), escape(name[i]), ratio[i]
	print "</desc>"
	print "<style>"
	print "text { font: 14px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #1f2328 }"
	print ".title { font-size: 17px; font-weight: 600 } .right { text-anchor: end } .bold { font-weight: 600 }"
	print ".small { font-size: 12px; fill: #59636e } .end { text-anchor: end }"
	print ".ground { fill: #ffffff; stroke: #d1d9e0 } .bar { fill: #8c959f } .ours { fill: #0969da }"
	print "@media (prefers-color-scheme: dark) { text { fill: #f0f6fc } .small { fill: #9da7b3 }"
	print ".ground { fill: #0d1117; stroke: #3d444d } .bar { fill: #656c76 } .ours { fill: #4493f8 } }"
	print "</style>"
	printf "<rect class=\"ground\" x=\"0.5\" y=\"0.5\" width=\"%d\" height=\"%d\" rx=\"8\"/>\n", WIDTH - 1, height - 1
	text(20, 34, "title", words)
	text(20, 56, "small", "One process for each connection, started, asked for 1 KiB with a browser's fields, and gone; less is better")
	split("wall \302\265s/page faults/system calls/KiB resident", head, "/")
	for (c = 1; c <= 4; c++)
		text(column[c], TOP - 12, "small end", head[c])
	for (i = 1; i <= n; i++) {
		y = TOP + (i - 1) * ROW
		ours = name[i] ~ /^httpd/
		text(BARS - 10, y + 20, "right" (ours ? " bold" : ""), name[i])
		width = LONGEST * ratio[i] / most
		printf "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"22\" rx=\"3\"/>\n", \
			ours ? "ours" : "bar", BARS, y + 4, width
		text(BARS + width + 8, y + 20, ours ? "bold" : "plain", sprintf("%.2f", ratio[i]))
		for (c = 1; c <= 4; c++)
			text(column[c], y + 20, "right", beside[i, c])
	}
	text(20, height - 54, "small", date ". " machine ". Medians of " each " to each.")
	text(20, height - 36, "small", versions ".")
	text(20, height - 18, "small", "The empty program and both least senders are static, made with " compiler ", and know no HTTP.")
	print "</svg>"
}
