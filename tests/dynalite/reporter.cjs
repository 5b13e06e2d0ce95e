// A mocha reporter: a letter per test, and all results as JSON in the file that the environment's REPORT names.
const fs = require('fs')
const path = require('path')

module.exports = function (runner) {
  const results = new Map()  // by test: one that fails more than once is one result
  const add = (test, status, error) => {
    const file = test.file || (test.parent && test.parent.file) || ''
    const message = error ? String(error.message) : ''
    results.set(test, { file: path.basename(file, '.js'), title: test.fullTitle(), status, message })
    process.stdout.write({ passed: '.', failed: 'F', skipped: 's' }[status])
  }
  runner.on('pass', (test) => add(test, 'passed'))
  runner.on('fail', (test, error) => add(test, 'failed', error))  // of a hook, too
  runner.on('pending', (test) => add(test, 'skipped'))
  runner.on('end', () => {
    process.stdout.write('\n')
    fs.writeFileSync(process.env.REPORT, JSON.stringify([...results.values()]))
  })
}
