// For mocha's --require: dynalite's suite starts dynalite itself with require('..'); here it gets a forwarder to a running
// Insula instead, so that the suite runs as it is. dynalite({ssl: true}) is forwarded to the TLS endpoint.
//
// Environment: SUITE (the folder that holds test/), ENDPOINT and TLS_ENDPOINT (host:port).
const Module = require('module')
const net = require('net')
const path = require('path')

const suite = process.env.SUITE

function external(options) {
  const [host, port] = (options && options.ssl ? process.env.TLS_ENDPOINT : process.env.ENDPOINT).split(':')
  const sockets = new Set()
  const server = net.createServer((client) => {
    const insula = net.connect(Number(port), host)
    for (const [socket, other] of [[client, insula], [insula, client]]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => other.destroy())
      socket.on('close', () => { sockets.delete(socket); other.destroy() })
      socket.pipe(other)
    }
  })
  const close = server.close.bind(server)
  const listen = server.listen.bind(server)
  return Object.assign(server, {
    close(done) {
      close(done)
      for (const socket of sockets) socket.destroy()
    },
    listen: (own, done) => listen(own, '127.0.0.1', done),
  })
}

const load = Module._load
Module._load = function (request, parent, isMain) {
  const ofSuite = request === '..' && parent && path.dirname(parent.filename || '') === path.join(suite, 'test')
  return ofSuite ? external : load.call(this, request, parent, isMain)
}
