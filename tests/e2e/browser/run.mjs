// SPDX-License-Identifier: ISC
// Drives Debian's Chromium: node run.mjs HTTPD WWW CHROMIUM. Screenshots and the log of httpd end up beside this file.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { chromium } from 'playwright-core'

const [httpd, www, executablePath] = process.argv.slice(2)
const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname)
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'httpd-browser-'))
const FILES = 300
const ODD_NAMES = ['<b>&amp; "quoted".txt', 'größer, 大きい, أكبر.txt']
const UNBROKEN = 'without_a_break_'.repeat(14)
const SECONDS = 350 // of sound; at 24 kHz and 16 bits a little more than 16 MB

// ---- sites and servers ----

// Serves a directory under tcpserver. What is logged becomes a list of "status target" and one of the bytes sent.
async function serve(root, ...options) {
  const argv = ['-1RHl0', '127.0.0.1', '0', httpd, ...options, root]
  const child = spawn('tcpserver', argv, { stdio: ['ignore', 'pipe', 'pipe'] })
  process.on('exit', () => child.kill())
  const server = { child, log: [], bytes: [], rest: '' }
  child.stderr.on('data', (data) => {
    fs.appendFileSync(path.join(here, 'httpd.log'), data)
    const lines = (server.rest + data).split('\n')
    server.rest = lines.pop()
    for (const line of lines) {
      const answer = /"[A-Z]+ (\S+) HTTP\/1\.1" (\d+) (\d+) /.exec(line)
      const [, target, status, bytes] = answer ?? [null, line, 'strange', 0]
      server.log.push(`${status} ${target}`)
      server.bytes.push(Number(bytes))
    }
  })
  const port = await new Promise((resolve, reject) => {
    child.stdout.once('data', (data) => resolve(parseInt(data)))
    child.once('error', reject)
    child.once('exit', () => reject(new Error('tcpserver ended')))
  })
  server.url = `http://127.0.0.1:${port}`
  return server
}

// A sine wave, so that a person can listen to the file as well.
function wav(seconds) {
  const rate = 24000, count = rate * seconds, data = Buffer.alloc(44 + 2 * count)
  data.write('RIFF', 0)
  data.writeUInt32LE(36 + 2 * count, 4)
  data.write('WAVEfmt ', 8)
  data.writeUInt32LE(16, 16)
  data.writeUInt16LE(1, 20)
  data.writeUInt16LE(1, 22)
  data.writeUInt32LE(rate, 24)
  data.writeUInt32LE(rate * 2, 28)
  data.writeUInt16LE(2, 32)
  data.writeUInt16LE(16, 34)
  data.write('data', 36)
  data.writeUInt32LE(2 * count, 40)
  const step = 440 * 2 * Math.PI / rate
  for (let i = 0; i < count; i++) data.writeInt16LE(Math.round(8000 * Math.sin(i * step)), 44 + 2 * i)
  return data
}

function makeSite() {
  const site = path.join(work, 'site'), files = path.join(site, 'files'), few = path.join(site, 'few', 'of each kind')
  fs.mkdirSync(path.join(files, 'a directory'), { recursive: true })
  for (let n = 1; n <= FILES - 3; n++) {
    fs.writeFileSync(path.join(files, `file-${String(n).padStart(3, '0')}.txt`), `This is ${n}.\n`)
  }
  for (const name of [...ODD_NAMES, `long-${UNBROKEN}.txt`]) fs.writeFileSync(path.join(files, name), name)
  fs.mkdirSync(path.join(few, 'a directory'), { recursive: true })
  for (const name of ['notes.txt', 'a picture with a rather long name, taken at the lake.jpg', `${UNBROKEN}.txt`]) {
    fs.writeFileSync(path.join(few, name), Buffer.alloc(name.length ** 2))
  }
  fs.writeFileSync(path.join(few, 'README.md'), `# <b>Bold</b> & more\n\n${UNBROKEN}\n`)
  fs.mkdirSync(path.join(site, 'few', 'nothing'))
  fs.writeFileSync(path.join(site, 'private.html'), 'Not for you.', { mode: 0o600 })
  fs.writeFileSync(path.join(site, 'tone.wav'), wav(SECONDS))
  fs.writeFileSync(path.join(site, 'sound.html'), `<!DOCTYPE html>
<html lang="en"><title>Sound</title><audio controls preload="metadata" src="tone.wav"></audio>`)
  return site
}

// ---- counting and reporting ----

const PACE = Number(process.env.PACE) || 1 // how many times slower than a quick machine this one is
let passed = 0, failed = 0
async function test(name, body) {
  try {
    await body()
    passed++
    console.log(`ok ${name}`)
  } catch (error) {
    failed++
    console.log(`not ok ${name}: ${String(error.message).split('\n').slice(0, 12).join('\n    ')}`)
  }
}

async function until(what, condition) {
  for (let n = 0; n < 1200 * PACE; n++) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  assert.fail(what)
}

process.on('exit', () => fs.rmSync(work, { recursive: true, force: true }))
setTimeout(() => { console.log('not ok: it hangs'); process.exit(1) }, 900000 * PACE).unref()
fs.rmSync(path.join(here, 'httpd.log'), { force: true })
for (const name of fs.readdirSync(here)) if (name.endsWith('.png')) fs.rmSync(path.join(here, name))
const sample = await serve(www, '--keep-alive')
const other = await serve(makeSite(), '--keep-alive', '--listing')
const context = await chromium.launchPersistentContext(path.join(work, 'profile'), {
  executablePath,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync', '--mute-audio',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
})
context.setDefaultTimeout(60000 * PACE)
const page = context.pages()[0] ?? await context.newPage()
let complaints = [] // messages of the console, and requests without an answer
page.on('console', (message) => {
  // A browser asks for /favicon.ico and reports a 404 where no <link> names an icon.
  if (message.location().url.endsWith('/favicon.ico')) return
  if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
})
page.on('pageerror', (error) => complaints.push(String(error)))
page.on('requestfailed', (request) => complaints.push(`${request.url()} ${request.failure()?.errorText}`))

// ---- the sample site ----

await test('the front page is there', async () => {
  const response = await page.goto(`${sample.url}/`)
  assert.equal(response.status(), 200)
  assert.equal(await page.title(), 'Your server is up')
})

await test('its picture paints', async () => {
  const [width, shades] = await page.locator('img').evaluate((img) => {
    const canvas = document.createElement('canvas'), paint = canvas.getContext('2d')
    paint.drawImage(img, 0, 0, canvas.width, canvas.height)
    const pixels = new Uint32Array(paint.getImageData(0, 0, canvas.width, canvas.height).data.buffer)
    return [img.naturalWidth, new Set(pixels).size]
  })
  assert.equal(width, 1200)
  assert.ok(shades > 1000, `of ${shades} shades`)
})

await test('its stylesheet applies', async () => {
  const plain = await page.evaluate(() => {
    const seen = () => {
      const style = getComputedStyle(document.querySelector('h1'))
      return [style.fontFamily, style.fontSize, style.color].join()
    }
    const styled = seen(), sheet = document.styleSheets[0], rules = sheet.cssRules.length
    sheet.disabled = true
    const bare = seen()
    sheet.disabled = false
    return rules > 0 && styled !== bare
  })
  assert.ok(plain, 'nothing changes without it')
})

await test('the console is clean', async () => assert.deepEqual(complaints, []))

await test('a reload is answered with 304', async () => {
  const came = (target) => sample.log.includes(`200 ${target}`)
  await until('it did not come before', () => ['/', '/picture.jpg', '/style.css'].every(came))
  const before = sample.log.length
  const response = await page.reload()
  const since = () => sample.log.slice(before)
  await until(`no 304 in the log: ${since()}`, () => since().includes('304 /'))
  assert.ok([200, 304].includes(response.status()))
  assert.deepEqual(since().filter((line) => !line.startsWith('304 ')), [], 'something came again as a whole')
  assert.equal(await page.locator('img').evaluate((img) => img.naturalWidth), 1200)
})

await test('a lost visitor gets 404.html with 404, and finds back', async () => {
  const [response] = await Promise.all([
    page.waitForResponse((r) => r.url().endsWith('/no-such-page')),
    page.getByRole('link', { name: 'visit a page that does not exist' }).click(),
  ])
  assert.equal(response.status(), 404)
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Nothing at this address.')
  await page.getByRole('link', { name: 'Back to the front page' }).click()
  assert.equal(await page.title(), 'Your server is up')
})

await test('404.html keeps its looks far below the root', async () => {
  const before = complaints.length
  assert.equal((await page.goto(`${sample.url}/a/b/c`)).status(), 404)
  assert.ok(await page.evaluate(() => document.styleSheets[0]?.cssRules.length > 0), 'it has no style')
  assert.ok(complaints.slice(before).every((text) => text.includes('404 (Not Found)')), complaints.slice(before).join())
})

await test('back and forward', async () => {
  await page.goto(`${sample.url}/`)
  await page.goto(`${sample.url}/no-such-page`)
  await page.goBack()
  assert.equal(await page.title(), 'Your server is up')
  assert.equal(await page.locator('img').evaluate((img) => img.naturalWidth), 1200)
  await page.goForward()
  assert.equal(await page.title(), 'Nothing here (404)')
})

// ---- a listing ----

complaints = []
await test(`a listing of ${FILES} files has them all, once and by name`, async () => {
  await page.goto(`${other.url}/files/`)
  const names = await page.locator('tbody a').allInnerTexts()
  const want = fs.readdirSync(path.join(work, 'site', 'files')).filter((name) => name !== 'a directory')
  want.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  assert.deepEqual(names, ['a directory/', ...want])
})

await test('a listing is used with the keyboard alone', async () => {
  const focused = () => page.evaluate(() => document.activeElement.textContent)
  const wanted = 'file-042.txt'
  let steps = 0
  for (; await focused() !== wanted && steps < FILES + 10; steps++) await page.keyboard.press('Tab')
  assert.equal(await focused(), wanted, `after ${steps} times Tab`)
  const [outline, visible] = await page.evaluate(() => {
    const style = getComputedStyle(document.activeElement), box = document.activeElement.getBoundingClientRect()
    return [style.outlineStyle, box.top >= 0 && box.bottom <= innerHeight]
  })
  assert.notEqual(outline, 'none', 'the focus cannot be seen')
  assert.ok(visible, 'the focus is out of sight')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/file-042.txt')
  assert.equal((await page.locator('body').innerText()).trim(), 'This is 42.')
  await page.goBack()
  await page.keyboard.press('Tab')
  assert.notEqual(await focused(), '', 'nothing has the focus')
})

await test('the headings put a listing in another order, and back', async () => {
  await page.goto(`${other.url}/few/of%20each%20kind/`)
  const names = () => page.locator('tbody a').allInnerTexts()
  const byName = await names()
  await page.getByRole('button', { name: /Size/ }).click()
  await page.waitForURL(/[?]sort=/)
  const bySize = await names()
  assert.notDeepEqual(bySize, byName)
  assert.deepEqual([...bySize].sort(), [...byName].sort())
  assert.equal(await page.locator('th[aria-sort]').count(), 1)
  assert.match(await page.locator('th[aria-sort]').innerText(), /Size/)
  await page.getByRole('button', { name: /Name/ }).click()
  assert.deepEqual(await names(), byName)
})

await test('a README stands below as text', async () => {
  await page.goto(`${other.url}/few/of%20each%20kind/`)
  assert.match(await page.locator('body').innerText(), /# <b>Bold<\/b> & more/)
  assert.equal(await page.locator('main b, pre b').count(), 0)
})

await test('names of all kinds open from a listing', async () => {
  for (const name of ODD_NAMES) {
    await page.goto(`${other.url}/files/`)
    const link = page.getByRole('link', { name, exact: true })
    const [response] = await Promise.all([page.waitForNavigation(), link.click()])
    assert.equal(response.status(), 200)
    assert.equal(await page.locator('body').innerText(), name)
  }
  await page.goto(`${other.url}/files/`)
  await page.getByRole('link', { name: 'a directory/' }).click()
  await page.getByRole('navigation').getByRole('link', { name: 'files' }).click()
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Index of /files')
})

await test('the console is clean there too', async () => assert.deepEqual(complaints, []))

// ---- sound ----

await test('sound plays, and a jump to its end asks for that range alone', async () => {
  const ranges = []
  page.on('request', (request) => { if (request.url().endsWith('.wav')) ranges.push(request) })
  await page.goto(`${other.url}/sound.html`)
  const audio = page.locator('audio')
  const [duration, seekable] = await audio.evaluate(async (element) => {
    if (element.readyState < 1) {
      await new Promise((resolve, reject) => {
        element.onloadedmetadata = resolve
        element.onerror = reject
      })
    }
    return [element.duration, element.seekable.end(0)]
  })
  assert.equal(duration, SECONDS)
  assert.equal(seekable, SECONDS)
  const at = await audio.evaluate((element, late) => new Promise((resolve, reject) => {
    element.onseeked = () => resolve(element.currentTime)
    element.onerror = reject
    element.currentTime = late
  }), SECONDS - 3)
  assert.equal(at, SECONDS - 3)
  await audio.evaluate((element) => element.play())
  const plays = () => audio.evaluate((element, late) => element.currentTime > late + 0.2, SECONDS - 3)
  await until('it does not play on', plays)
  const headers = await Promise.all(ranges.map(async (request) => (await request.allHeaders()).range))
  assert.match(headers.join(), /bytes=[1-9]\d*-/)
  const small = () => other.log.some((line, i) => line === '206 /tone.wav' && other.bytes[i] < 1e6)
  await until(`no small 206: ${other.log.map((line, i) => `${line} ${other.bytes[i]}`)}`, small)
  assert.deepEqual(other.log.filter((line) => line.startsWith('200 /tone.wav')), [])
})

// ---- looks ----

const axe = fs.readFileSync(path.join(here, 'node_modules/axe-core/axe.min.js'), 'utf8')
for (const [name, url, status] of [
  ['index', `${sample.url}/`, 200],
  ['404', `${sample.url}/no-such-page`, 404],
  ['error', `${other.url}/private.html`, 403],
  ['listing', `${other.url}/few/of%20each%20kind/`, 200],
  ['sorted listing', `${other.url}/few/of%20each%20kind/?sort=-size`, 200],
  ['empty listing', `${other.url}/few/nothing/`, 200],
]) {
  const colors = {}
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [320, 768, 1440]) {
      const what = `${name}, ${colorScheme}, ${width} px`
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      await test(`${what}: fits`, async () => {
        assert.equal((await page.goto(url)).status(), status)
        await page.screenshot({ path: path.join(here, `${name}-${colorScheme}-${width}.png`), fullPage: true })
        const [scroll, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
        assert.equal(inner, width)
        assert.ok(scroll <= inner, `${scroll} px wide`)
        const names = () => (document.querySelector('tbody td')?.offsetWidth ?? innerWidth) / innerWidth
        const share = await page.evaluate(names)
        assert.ok(share > 0.4, `the names have ${Math.round(share * 100)} % of the width`)
        colors[colorScheme] = await page.evaluate(() => getComputedStyle(document.body).color)
      })
      await test(`${what}: axe finds nothing`, async () => {
        // axe assumes white where nothing is painted, so the page gets the colour that the browser paints there.
        await page.addStyleTag({ content: ':where(html) { background-color: Canvas }' })
        await page.evaluate(axe)
        const { violations, passes } = await page.evaluate(() => globalThis.axe.run())
        assert.ok(passes.length > 5, 'axe looked at nothing')
        const found = violations.map((v) => `${v.id} (${v.help}) ${v.nodes.slice(0, 3).map((n) => n.html)}`)
        assert.equal(found.join('\n'), '')
      })
    }
  }
  await test(`${name}: dark is another colour than light`, async () => assert.notEqual(colors.dark, colors.light))
}

await context.close()
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 ? 1 : 0)
