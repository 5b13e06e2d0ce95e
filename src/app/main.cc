#include "app/command_line.h"

int main(int argc, char** argv) { return insula::app::RunCommandLine(argc, argv); }
