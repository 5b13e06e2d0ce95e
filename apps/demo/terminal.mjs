// What the demo says and how: colour and moving bars on a terminal, plain lines elsewhere.
const tty = process.stdout.isTTY && process.env.TERM !== 'dumb' && !process.env.NO_COLOR
const paint = (code) => (text) => (tty ? `\x1b[${code}m${text}\x1b[0m` : String(text))

export const bold = paint('1')
export const dim = paint('2')
export const red = paint('31')
export const green = paint('32')
export const yellow = paint('33')
export const blue = paint('34')
export const magenta = paint('35')
export const cyan = paint('36')

const escapes = /\x1b\[[0-9;]*m/g
const width = (text) => String(text).replace(escapes, '').length
export const pad = (text, size, right = false) => {
  const blanks = ' '.repeat(Math.max(0, size - width(text)))
  return right ? blanks + text : text + blanks
}

export function say(text = '') { console.log(text) }

export function title(text, under) {
  say()
  say(bold(text))
  if (under) say(dim(under))
}

let number = 0
export function chapter(text, under) {
  number += 1
  say()
  say(`${bold(cyan(`${number}`.padStart(2)))}  ${bold(text)}`)
  if (under) for (const line of wrap(under, 100)) say(`    ${dim(line)}`)
}

function wrap(text, columns) {
  const lines = ['']
  for (const word of text.split(/\s+/)) {
    if (lines.at(-1) && lines.at(-1).length + word.length + 1 > columns) lines.push('')
    lines[lines.length - 1] += (lines.at(-1) ? ' ' : '') + word
  }
  return lines
}

export function note(text) { say(`    ${text}`) }

// Every claim of the demo is a step that holds or doesn't; the exit code is made from them.
let held = 0
const broken = []
export function step(holds, text, detail) {
  if (holds) held += 1
  else broken.push(text.replace(escapes, ''))
  say(`    ${holds ? green('✓') : red('✗')} ${text}${detail ? '  ' + dim(detail) : ''}`)
  return holds
}
export const outcome = () => ({ held, broken })

// Rows of cells under a heading; `right`: which columns are numbers.
export function table(heading, rows, right = []) {
  const widths = heading.map((name, i) => Math.max(width(name), ...rows.map((row) => width(row[i] ?? ''))))
  const line = (cells) => cells.map((cell, i) => pad(String(cell ?? ''), widths[i], right.includes(i))).join('   ').trimEnd()
  note(bold(line(heading)))
  for (const row of rows) note(line(row))
}

// Several bars that move together; elsewhere than on a terminal a line each when it is done.
export class Bars {
  constructor(labels) {
    this.bars = labels.map(({ label, total }) => ({ label, total, done: 0, started: Date.now(), ended: 0 }))
    this.labelWidth = Math.max(...labels.map(({ label }) => width(label)))
    this.drawn = false
    if (tty) this.timer = setInterval(() => this.draw(), 80)
  }

  advance(i, count) {
    const bar = this.bars[i]
    bar.done += count
    if (bar.done >= bar.total && !bar.ended) {
      bar.ended = Date.now()
      if (!tty) note(this.line(bar))
    }
  }

  line(bar) {
    const size = 32
    const filled = Math.round((size * bar.done) / bar.total)
    const seconds = Math.max(0.001, ((bar.ended || Date.now()) - bar.started) / 1000)
    const picture = tty ? green('█'.repeat(filled)) + dim('░'.repeat(size - filled)) + ' ' : ''
    return `${pad(bar.label, this.labelWidth)}  ${picture}${pad(`${bar.done}/${bar.total}`, 11, true)} items  ` +
      dim(`${Math.round(bar.done / seconds)}/s`)
  }

  draw() {
    if (this.drawn) process.stdout.write(`\x1b[${this.bars.length}A`)
    this.drawn = true
    for (const bar of this.bars) process.stdout.write(`\x1b[2K    ${this.line(bar)}\n`)
  }

  stop() {
    if (!tty) return
    clearInterval(this.timer)
    this.draw()
  }
}
