//! What is measured: a server under load, and the figures of it.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use std::{env, fs, io};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use spruce_consent::domain::job::Job;

use crate::load::{Load, SECRET};
use crate::process::Server;
use crate::queue::{self, Queue};
use crate::relay;
use crate::series::Series;

/// The program under test, built as it is deployed.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_spruce-consent");

/// Any base64 will do.
const ACCOUNT_KEY: &str = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/// How long each server is under load before it is measured, of the time that it is measured for.
const WARM_UP: u32 = 8;

/// One of the servers. Figures are in microseconds.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    pub(crate) server: Server,
    /// The beginning and the body of the right answer.
    answer: (&'static str, &'static str),
    /// Whether an entry on the queue is what this server should have made of an event.
    delivers: fn(&str) -> bool,
    per_second: Series,
    p50: Series,
    p99: Series,
    /// The processor time for one event.
    processor: Series,
}

impl Subject {
    /// The bare server.
    pub(crate) fn relay(queue: SocketAddr) -> io::Result<Self> {
        let server = Server::start(|port| {
            let mut command = Command::new(env::current_exe().unwrap());
            command.args([relay::ROLE, &port.to_string(), &format!("http://{queue}/")]);
            command
        })?;
        Ok(Self::new("bare relay", server, ("HTTP/1.1 200 ", relay::RECEIVED), |entry| entry.starts_with('{')))
    }

    /// The program, started as the Functions host starts it.
    pub(crate) fn program(queue: SocketAddr) -> io::Result<Self> {
        let server = Server::start(|port| {
            let storage = format!(
                "AccountName=clinic;AccountKey={ACCOUNT_KEY};\
                 QueueEndpoint=http://{queue}/clinic;TableEndpoint=http://{queue}/clinic"
            );
            let mut command = Command::new(PROGRAM);
            command.env_clear().envs([
                ("AzureWebJobsStorage", storage.as_str()),
                ("SPRUCE_WEBHOOK_SECRET", SECRET),
                ("SPRUCE_API_TOKEN", "token"),
                ("CLINIC_TIME_ZONE", "America/Chicago"),
                ("FUNCTIONS_CUSTOMHANDLER_PORT", &port.to_string()),
            ]);
            command
        })?;
        Ok(Self::new("spruce-consent", server, ("HTTP/1.1 200 ", relay::RECEIVED), is_job))
    }

    /// nginx as a proxy, if it is installed; `folder` is for its files.
    pub(crate) fn nginx(queue: SocketAddr, folder: &Path) -> io::Result<Option<Self>> {
        let folders = env::var_os("PATH").unwrap_or_default();
        // Debian keeps it where only the administrator's PATH leads.
        let mut places = env::split_paths(&folders).chain(["/usr/sbin".into()]).map(|folder| folder.join("nginx"));
        let Some(nginx) = places.find(|place| place.exists()) else { return Ok(None) };
        let server = Server::start(|port| {
            let file = folder.join("nginx.conf");
            fs::write(&file, nginx_settings(port, queue)).unwrap();
            let mut command = Command::new(&nginx);
            command.arg("-p").arg(folder).arg("-c").arg(file).args(["-e", "stderr"]);
            command
        })?;
        let answer = ("HTTP/1.1 201 ", queue::STORED);
        Ok(Some(Self::new("nginx as a proxy", server, answer, |entry| entry.starts_with('{'))))
    }

    fn new(
        name: &'static str,
        server: Server,
        answer: (&'static str, &'static str),
        delivers: fn(&str) -> bool,
    ) -> Self {
        let (per_second, p50, p99, processor) = Default::default();
        Self { name, server, answer, delivers, per_second, p50, p99, processor }
    }

    /// What was measured, in the order of the report.
    pub(crate) fn figures(&self) -> [&Series; 4] {
        [&self.per_second, &self.p50, &self.p99, &self.processor]
    }

    /// One round: load for `time`, after a while of it that does not count.
    pub(crate) async fn measure(&mut self, load: &Load, queue: &Queue, time: Duration) -> io::Result<()> {
        load.run(self.server.address, self.answer, time / WARM_UP).await?;
        let (entries, used) = (queue.entries(), self.server.processor_seconds()?);
        let times = load.run(self.server.address, self.answer, time).await?;
        let (entries, used) = (queue.entries() - entries, self.server.processor_seconds()? - used);
        if entries != times.count() || !(self.delivers)(&queue.last()) {
            let accepted = times.count();
            return Err(io::Error::other(format!("{}: {accepted} accepted, {entries} on the queue", self.name)));
        }
        self.per_second.push(times.count() as f64 / time.as_secs_f64());
        self.p50.push(times.percentile(0.50));
        self.p99.push(times.percentile(0.99));
        self.processor.push(used * 1e6 / times.count() as f64);
        Ok(())
    }
}

/// Whether an entry is one of the program's jobs, as the worker reads them.
fn is_job(entry: &str) -> bool {
    let text = entry.split_once("<MessageText>").and_then(|(_, rest)| rest.split_once("</MessageText>"));
    let json =
        text.and_then(|(text, _)| BASE64_STANDARD.decode(text).ok()).and_then(|json| String::from_utf8(json).ok());
    json.is_some_and(|json| matches!(Job::decode(&json), Ok(Job::Item(_))))
}

/// One process, connections that stay open on both sides, nothing on disk but what it insists on.
fn nginx_settings(port: u16, queue: SocketAddr) -> String {
    format!(
        "daemon off; master_process off; pid nginx.pid;
         events {{ worker_connections 1024; }}
         http {{
           access_log off; keepalive_requests 1000000000;
           client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
           upstream queue {{ server {queue}; keepalive 64; keepalive_requests 1000000000; }}
           server {{
             listen 127.0.0.1:{port};
             location = / {{ return 200; }}
             location /api/ {{ proxy_pass http://queue; proxy_http_version 1.1; proxy_set_header Connection \"\"; }}
           }}
         }}"
    )
}
