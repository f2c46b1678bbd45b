'use strict';

// Runs Azurite for as long as somebody holds the other end of standard input.
//
// A process that starts this one and keeps the pipe cannot leave it behind: however that process ends, SIGKILL
// included, the system closes the pipe, and Azurite ends with it.

// Longest time, in milliseconds, that Azurite gets to write what it keeps on disk.
const CLOSING_TIME = 30000;

function end() {
  if (process.argv.includes('--inMemoryPersistence')) {
    process.exit(0);
  }
  setTimeout(() => process.exit(1), CLOSING_TIME).unref();
  // Azurite's own handler closes the servers and their files; before it is installed, the signal simply ends us.
  process.kill(process.pid, 'SIGTERM');
}

process.stdin.on('end', end).on('error', end).resume();

require('azurite/dist/src/azurite.js');
