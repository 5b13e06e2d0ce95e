// http_fixed PORT: Insula's HTTP server with bare_http's fixed answer: what its bounds and deadlines cost.
#include <csignal>
#include <cstdlib>
#include <iostream>

#include "../bench/payload.h"
#include "http/server.h"

namespace {

insula::Task<insula::http::Response> Answer(const insula::http::Request&) {
  insula::http::Response response;
  response.headers.emplace_back("Content-Type", insula::bench::kContentType);
  response.headers.emplace_back("x-amzn-RequestId", insula::bench::kRequestId);
  response.headers.emplace_back("x-amz-crc32", insula::bench::kChecksum);
  response.body = insula::bench::GetItemAnswer();
  co_return response;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: http_fixed PORT\n";
    return 2;
  }
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  insula::http::ServerOptions options;
  options.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  options.threads = 1;
  insula::http::Server server(options, Answer);
  if (const auto started = server.Start(); !started.ok()) {
    std::cerr << started.error().message() << "\n";
    return 1;
  }
  int signal = 0;
  sigwait(&signals, &signal);
  server.Stop(1000);
}
