//! The servers under test as processes: started as the Functions host starts the handler, their output read and thrown
//! away, and the kernel's books asked what they used.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a server may take to answer for the first time.
const START_PATIENCE: Duration = Duration::from_secs(10);

/// The kernel shows a process's time in hundredths of a second, whatever its own clock is (`USER_HZ`).
const TICKS_PER_SECOND: f64 = 100.0;

/// A server that has answered, until it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// From the start of the process to the answer to `GET /`.
    pub(crate) started_in: Duration,
    child: Child,
}

impl Server {
    /// Starts what `command` makes of a free port.
    pub(crate) fn start(command: impl Fn(u16) -> Command) -> io::Result<Self> {
        // Closed again at once: nobody else is given the port that the system has just given out.
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let mut command = command(address.port());
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let started = Instant::now();
        let mut child = command.spawn()?;
        if let Some(mut output) = child.stdout.take() {
            thread::spawn(move || io::copy(&mut output, &mut io::sink()));
        }
        let mut server = Self { address, started_in: Duration::ZERO, child };
        while !answers(address)? {
            if started.elapsed() > START_PATIENCE || server.child.try_wait()?.is_some() {
                return Err(io::Error::other(format!("{command:?} does not answer")));
            }
            thread::sleep(Duration::from_micros(100));
        }
        server.started_in = started.elapsed();
        Ok(server)
    }

    /// The processor time that it has used, in seconds.
    pub(crate) fn processor_seconds(&self) -> io::Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // Behind the name, which may hold anything, `utime` and `stime` are the twelfth and the thirteenth field.
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let ticks: u32 = fields.skip(11).take(2).filter_map(|field| field.parse::<u32>().ok()).sum();
        Ok(f64::from(ticks) / TICKS_PER_SECOND)
    }

    /// The most memory that it has had resident, in MB.
    pub(crate) fn peak_memory(&self) -> io::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let peak =
            status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        peak.map(|kilobytes: f64| kilobytes / 1024.0).ok_or_else(|| io::Error::other("no VmHWM"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It ends by being killed, as under the host; one that has ended by itself was an error before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Lets this thread, and the threads and processes that it starts from now on, run on one core only; `false` if that
/// cannot be had here.
pub(crate) fn pin_to(core: usize) -> bool {
    let mut taskset = Command::new("taskset");
    taskset.args(["-c", "-p", &core.to_string(), &std::process::id().to_string()]);
    taskset.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Whether somebody answers `GET /` there.
fn answers(address: SocketAddr) -> io::Result<bool> {
    let mut stream = match TcpStream::connect(address) {
        Ok(stream) => stream,
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => return Ok(false),
        Err(error) => return Err(error),
    };
    stream.set_read_timeout(Some(START_PATIENCE))?;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
    stream.read_exact(&mut [0; 12])?;
    Ok(true)
}
