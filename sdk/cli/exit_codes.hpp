// What the command's exit status says. Scripts rely on these; README.md lists them.
#pragma once

namespace madoguchi::cli {

enum ExitCode : int {
  done = 0,
  refused = 1,        // the daemon refused or failed, for a reason that is none of the following
  bad_usage = 2,      // the command line, or what it asked to read, is not understood; nothing was done
  no_daemon = 3,      // nothing listens on the socket; nothing was done
  lost = 4,           // the connection ended in between; look at the case
  person_needed = 5,  // reader, card or PIN: a person has to do something, then it can go on
  not_today = 6,      // the decision does not allow it
  unfinished = 7,     // the case needs attention, or only one certificate is done
  interrupted = 130,  // Ctrl-C or another signal
  output_closed = 141,
};

}  // namespace madoguchi::cli
