// The server under the demo, and the operator's commands to it: the program as anybody would run it.
import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
export const binary = process.env.INSULA_BINARY ?? path.join(root, 'build/release/insula')
export const home = path.join(root, 'build/demo')
export const data = path.join(home, 'data')
const run = promisify(execFile)
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
export const shown = (file) => path.relative(process.cwd(), file) || '.'

// One of the program's commands against the demo's server; its JSON answer.
export async function insula(...words) {
  const json = words[0] === 'init' ? [] : ['--output', 'json']
  const { stdout } = await run(binary, [...words, '--data', data, ...json], { maxBuffer: 1 << 26 })
  return json.length ? JSON.parse(stdout) : stdout
}

async function freePort(wanted) {
  const attempt = (port) => new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(port, '127.0.0.1', () => { const got = probe.address().port; probe.close(() => resolve(got)) })
  })
  return attempt(wanted).catch(() => attempt(0))
}

function alive(pid) {
  try { process.kill(pid, 0); return true } catch { return false }
}

// A demo that was left running makes room for this one.
export async function stopFormer() {
  const file = path.join(data, 'server.json')
  if (!existsSync(file)) return false
  const pid = JSON.parse(readFileSync(file, 'utf8')).Pid
  const image = `/proc/${pid}/cmdline`
  if (!alive(pid) || !existsSync(image) || !readFileSync(image, 'utf8').includes('insula')) return false
  process.kill(pid, 'SIGTERM')
  for (let i = 0; i < 200 && alive(pid); ++i) await pause(50)
  return true
}

export async function start() {
  if (existsSync(home)) rmSync(home, { recursive: true })
  mkdirSync(home, { recursive: true })
  await insula('init')
  const port = await freePort(8000)
  const logFile = path.join(home, 'server.log')
  const log = openSync(logFile, 'a')
  const began = performance.now()
  const child = spawn(binary, ['serve', '--data', data, '--listen', `127.0.0.1:${port}`],
    { detached: true, stdio: ['ignore', log, log] })
  let ended
  child.on('exit', (code, signal) => { ended = `ended with ${code ?? signal}` })
  child.on('error', (error) => { ended = error.message })
  child.unref()
  const endpoint = `http://127.0.0.1:${port}`
  for (;;) {
    if (ended) throw new Error(`the server ${ended}; see ${logFile}\n${readFileSync(logFile, 'utf8').slice(-2000)}`)
    if (performance.now() - began > 20_000) throw new Error(`the server wasn't ready within 20 s; see ${logFile}`)
    try {
      if ((await fetch(`${endpoint}/ready`)).ok) break
    } catch { /* not yet */ }
    await pause(10)
  }
  const ready = performance.now() - began
  return { endpoint, pid: child.pid, log: logFile, ready, stop: () => stop(child, () => ended), memory: () => memoryOf(child.pid) }
}

async function stop(child, ended) {
  child.kill('SIGTERM')
  for (let i = 0; i < 300 && !ended(); ++i) await pause(50)
  return ended() === 'ended with 0'
}

// Resident megabytes; 0 where /proc doesn't tell.
function memoryOf(pid) {
  try {
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024)
  } catch { return 0 }
}
