//! The host against real processes, real sockets and Azurite.
//!
//! The handler comes in two halves. The process that the host starts is bash, which the setting `BASH_ENV` tells what
//! to do; what answers on the handler's port is a server in this test, on the port that `customHandler.port` names. So
//! a test sees each request byte for byte, and can let the process die as it likes.
#![cfg(unix)]

use std::fs;
use std::sync::Mutex;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use azure_storage_queues::QueueClient;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::azurite::Azurite;

/// A handler that stays, until it is killed.
const STAYS: &str = "exec sleep 600";
/// An answer that the host takes for success.
const DONE: &str = r#"{"Outputs":{},"Logs":[],"ReturnValue":null}"#;
/// More than any step here takes.
const LONG: Duration = Duration::from_secs(600);

/// A request as the handler saw it.
#[derive(Clone, Debug)]
struct Seen {
    method: Method,
    uri: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Seen {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

type Answer = Arc<dyn Fn(Seen) -> BoxFuture<'static, Response> + Send + Sync>;

/// An app's folder and the server behind its port.
struct World {
    folder: TempDir,
    port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
    tasks: JoinSet<()>,
}

impl World {
    async fn new() -> Self {
        let world = Self {
            folder: TempDir::new().unwrap(),
            port: free_port().await.unwrap(),
            seen: Arc::default(),
            tasks: JoinSet::new(),
        };
        world.write("host.json", &world.host_json().to_string());
        let http = json!({ "bindings": [
            { "type": "httpTrigger", "direction": "in", "name": "req", "authLevel": "anonymous",
              "methods": ["get", "post"], "route": "hook" },
            { "type": "http", "direction": "out", "name": "res" }
        ]});
        world.write("web/function.json", &http.to_string());
        world
    }

    /// Adds a function `worker` for the queue `jobs` of an account of its own.
    fn with_queue(self) -> (Self, BTreeMap<String, String>, Queues) {
        let queue = json!({ "bindings": [
            { "type": "queueTrigger", "direction": "in", "name": "job", "queueName": "%QUEUE%" }
        ]});
        self.write("worker/function.json", &queue.to_string());
        let account = Azurite::shared().unwrap().account();
        let settings = BTreeMap::from([
            ("AzureWebJobsStorage".to_owned(), account.connection_string()),
            ("QUEUE".to_owned(), "jobs".to_owned()),
        ]);
        let queues = storage::queues(&settings, "AzureWebJobsStorage").unwrap();
        (self, settings, Queues { jobs: queues.queue_client("jobs"), poison: queues.queue_client("jobs-poison") })
    }

    fn host_json(&self) -> Value {
        json!({
            "version": "2.0",
            "functionTimeout": "00:05:00",
            "customHandler": {
                "description": { "defaultExecutablePath": "handler" },
                "port": self.port,
                "enableProxyingHttpRequest": true,
            },
            "extensions": { "queues": {
                "batchSize": 4, "newBatchThreshold": 2, "maxDequeueCount": 3, "visibilityTimeout": "00:00:30",
            }},
        })
    }

    fn write(&self, name: &str, text: &str) {
        let file = self.folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// Lets a server answer on the handler's port.
    async fn answer<F>(&mut self, answer: impl Fn(Seen) -> F + Send + Sync + 'static)
    where
        F: Future<Output = Response> + Send + 'static,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).await.unwrap();
        let answer: Answer = Arc::new(move |seen| Box::pin(answer(seen)));
        let seen = Arc::clone(&self.seen);
        let router = Router::new().fallback(move |request: Request| {
            let (answer, all_seen) = (Arc::clone(&answer), Arc::clone(&seen));
            async move {
                let (head, body) = request.into_parts();
                let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
                let seen = Seen { method: head.method, uri: head.uri.to_string(), headers: head.headers, body };
                if seen.uri != "/" {
                    all_seen.lock().unwrap().push(seen.clone());
                }
                answer(seen).await
            }
        });
        self.tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
    }

    /// Everything but the questions whether the handler is ready.
    fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Options for a host of this world whose process runs `script`.
    fn options(&self, script: &str) -> HostOptions {
        self.write("handler.sh", script);
        let mut options = HostOptions::new(self.folder.path(), "/bin/bash");
        // bash complains of a locale that is not installed.
        options.settings.insert("LC_ALL".to_owned(), "C".to_owned());
        options.settings.insert("BASH_ENV".to_owned(), self.folder.path().join("handler.sh").display().to_string());
        options.setup = false;
        options.time_scale = 0.03;
        options
    }
}

/// The queues of a world.
struct Queues {
    jobs: QueueClient,
    poison: QueueClient,
}

impl Queues {
    async fn put(&self, text: &str) {
        self.jobs.put_message(BASE64.encode(text)).await.unwrap();
    }

    async fn poisoned(&self) -> Vec<String> {
        let answer = self.poison.peek_messages().number_of_messages(32).await.unwrap();
        answer.messages.into_iter().map(|entry| entry.message_text).collect()
    }
}

fn done() -> Response {
    ([("content-type", "application/json")], DONE).into_response()
}

fn printed(host: &Host, wanted: Stream) -> Vec<String> {
    host.output().iter().filter(|line| line.stream == wanted).map(|line| line.text().into_owned()).collect()
}

async fn started(options: HostOptions) -> Host {
    Host::start(options).await.unwrap_or_else(|error| panic!("{error}"))
}

#[tokio::test]
async fn the_handler_gets_the_hosts_environment_and_its_lines_are_kept() {
    let mut world = World::new().await;
    world.answer(|_| async { done() }).await;
    let mut options = world.options("env; pwd; printf 'err\\xff\\r\\nlast' >&2; exec sleep 600 >&- 2>&-");
    options.settings.insert("LOG_LEVEL".to_owned(), "trace".to_owned());
    let host = started(options).await;
    let deadline = Instant::now() + LONG;
    while host.output().iter().all(|line| line.bytes != b"last") {
        assert!(Instant::now() < deadline, "{:?}", host.output());
        sleep(Duration::from_millis(10)).await;
    }
    let out = printed(&host, Stream::Stdout);
    let value = |name: &str| out.iter().find_map(|line| line.strip_prefix(&format!("{name}=")).map(str::to_owned));
    let port = world.port.to_string();
    let root = world.folder.path().display().to_string();
    assert_eq!(value("FUNCTIONS_CUSTOMHANDLER_PORT").as_deref(), Some(port.as_str()));
    assert_eq!(value("FUNCTIONS_HTTPWORKER_PORT").as_deref(), Some(port.as_str()));
    assert_eq!(value("FUNCTIONS_APP_ROOT_PATH").as_deref(), Some(root.as_str()));
    assert_eq!(value("FUNCTIONS_CUSTOMHANDLER_WORKER_ID").map(|id| id.len()), Some(36));
    assert_eq!(value("FUNCTIONS_HTTPWORKER_ID"), value("FUNCTIONS_CUSTOMHANDLER_WORKER_ID"));
    assert_eq!(value("LOG_LEVEL").as_deref(), Some("trace"));
    assert!(value("PATH").is_some(), "the rest of the environment is inherited");
    assert!(out.contains(&root), "it runs in the app's folder");
    let errors: Vec<_> = host.output().into_iter().filter(|line| line.stream == Stream::Stderr).collect();
    assert_eq!(errors.iter().map(|line| line.bytes.as_slice()).collect::<Vec<_>>(), [b"err\xff".as_slice(), b"last"]);
    assert_eq!(host.handler_url(), format!("http://127.0.0.1:{port}"));
}

#[tokio::test]
async fn a_handler_that_fails_is_started_three_times_and_then_given_up() {
    let world = World::new().await;
    let Err(error) = Host::start(world.options("echo out of order; exit 3")).await else { panic!("it started") };
    let HostError::Handler { reason, output } = error else { panic!("{error}") };
    assert_eq!(reason, "the handler ended with exit status 3");
    assert_eq!(output, "out of order\nout of order\nout of order");
}

#[tokio::test]
async fn a_handler_that_cannot_be_started_is_given_up_at_once() {
    let world = World::new().await;
    let mut options = world.options("");
    options.executable = world.folder.path().join("missing");
    let Err(error) = Host::start(options).await else { panic!("it started") };
    assert!(error.to_string().starts_with("the handler could not be started"), "{error}");
}

#[tokio::test]
async fn a_failed_setup_is_told_with_what_it_printed() {
    let world = World::new().await;
    let mut options = world.options("echo no storage >&2; exit 7");
    options.setup = true;
    let Err(HostError::Setup(printed)) = Host::start(options).await else { panic!("no setup error") };
    assert_eq!(printed, "exit status: 7\nno storage\n");
}

#[tokio::test]
async fn a_handler_can_be_killed_as_often_as_a_test_likes() {
    let mut world = World::new().await;
    world.answer(|_| async { done() }).await;
    let host = started(world.options("echo up; exec sleep 600")).await;
    for kills in 1..=5 {
        host.kill_handler().await;
        host.handler.ready().await.unwrap();
        assert_eq!(host.restarts(), kills);
    }
    host.stop().await;
}

#[tokio::test]
async fn exit_status_200_is_a_restart_and_0_is_not_noticed() {
    let mut world = World::new().await;
    world.answer(|_| async { done() }).await;
    let script = "[ -e second ] && exec sleep 600; [ -e first ] && { touch second; exit 0; }; touch first; exit 200";
    let host = started(world.options(script)).await;
    let deadline = Instant::now() + LONG;
    while host.notices().len() < 2 {
        assert!(Instant::now() < deadline, "{:?}", host.notices());
        sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(
        host.notices(),
        [
            "the handler ended with exit status 200; it is started again",
            "the handler ended with exit status 0; it is not started again",
        ]
    );
    // Nobody is there to be killed, and nobody waits for it.
    timeout(LONG, host.kill_handler()).await.unwrap();
    assert_eq!(host.restarts(), 1);
}

#[tokio::test]
async fn the_process_ends_with_the_host() {
    let mut world = World::new().await;
    world.answer(|_| async { done() }).await;
    for drops in [true, false] {
        let host = started(world.options("echo $$; exec sleep 600")).await;
        let deadline = Instant::now() + LONG;
        while host.output().is_empty() {
            assert!(Instant::now() < deadline);
            sleep(Duration::from_millis(10)).await;
        }
        let process = std::path::PathBuf::from(format!("/proc/{}/cwd", host.output()[0].text()));
        if !process.exists() {
            return; // not Linux
        }
        if drops {
            drop(host);
        } else {
            host.stop().await;
        }
        while fs::read_link(&process).is_ok() {
            assert!(Instant::now() < deadline);
            sleep(Duration::from_millis(10)).await;
        }
    }
}

#[tokio::test]
async fn a_request_goes_through_as_it_is_and_so_does_the_answer() {
    let mut world = World::new().await;
    let answer = |_| async {
        (axum::http::StatusCode::IM_A_TEAPOT, [("retry-after", "120")], "short and stout").into_response()
    };
    world.answer(answer).await;
    let host = started(world.options(STAYS)).await;
    let url = format!("{}/api/hook?code=a%2Fb&x=1&x=2", host.url());
    let answer = reqwest::Client::new()
        .post(url)
        .header("X-Spruce-Signature", "c2ln")
        .header("X-Azure-Functions-InvocationId", "forged")
        .body(&b"\x00\xff{ \"a\" : 1 }"[..])
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 418);
    assert_eq!(answer.headers()["retry-after"], "120");
    assert_eq!(answer.text().await.unwrap(), "short and stout");
    let seen = world.seen();
    let [seen] = seen.as_slice() else { panic!("{seen:?}") };
    assert_eq!((seen.method.as_str(), seen.uri.as_str()), ("POST", "/api/hook?code=a%2Fb&x=1&x=2"));
    assert_eq!(&seen.body[..], b"\x00\xff{ \"a\" : 1 }");
    assert_eq!(seen.header("content-length"), Some("13"));
    assert_eq!(seen.header("x-spruce-signature"), Some("c2ln"));
    assert_eq!(seen.header("host"), Some(format!("127.0.0.1:{}", world.port).as_str()));
    assert_eq!(seen.header("x-forwarded-host"), Some(host.url().trim_start_matches("http://")));
    assert_eq!(seen.header("x-azure-functions-invocationid").map(str::len), Some(36));
    assert_eq!(seen.header("x-ms-invocation-id"), seen.header("x-azure-functions-invocationid"));
    assert_eq!(host.stats().http_requests, 1);
}

#[tokio::test]
async fn a_body_in_pieces_arrives_in_pieces_and_a_head_request_without() {
    let mut world = World::new().await;
    world.write(
        "web/function.json",
        &json!({ "bindings": [
            { "type": "httpTrigger", "name": "req", "route": "hook" }, { "type": "http", "name": "res" }
        ]})
        .to_string(),
    );
    world.answer(|_| async { "twelve bytes".into_response() }).await;
    let host = started(world.options(STAYS)).await;
    let url = format!("{}/api/hook", host.url());
    let pieces = futures::stream::iter(["one ", "two"].map(Ok::<_, std::convert::Infallible>));
    let client = reqwest::Client::new();
    client.post(&url).body(reqwest::Body::wrap_stream(pieces)).send().await.unwrap();
    let head = client.head(&url).send().await.unwrap();
    assert_eq!((head.status().as_u16(), head.headers()["content-length"].to_str().unwrap()), (200, "12"));
    let seen = world.seen();
    assert_eq!((seen[0].header("transfer-encoding"), &seen[0].body[..]), (Some("chunked"), &b"one two"[..]));
    assert_eq!((seen[1].method.as_str(), seen[1].header("transfer-encoding")), ("HEAD", None));
}

#[tokio::test]
async fn only_the_functions_are_public() {
    let mut world = World::new().await;
    world.answer(|_| async { done() }).await;
    let host = started(world.options(STAYS)).await;
    let client = reqwest::Client::new();
    for (method, path) in [("PUT", "/api/hook"), ("POST", "/hook"), ("POST", "/web"), ("GET", "/"), ("POST", "/api/")] {
        let method: Method = method.parse().unwrap();
        let answer = client.request(method.clone(), format!("{}{path}", host.url())).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{method} {path}");
    }
    assert!(world.seen().is_empty());
    assert_eq!(host.stats().http_requests, 0);
}

#[tokio::test]
async fn a_request_is_offered_until_the_handler_takes_it_or_stays_away() {
    let mut world = World::new().await;
    world.answer(|_| async { done() }).await;
    let host = started(world.options("exit 0")).await;
    // The process has left without the host noticing, and now its port is silent, too.
    world.tasks.shutdown().await;
    // A process that another test is just starting has a copy of the listening socket until it runs its own program.
    while tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, world.port)).await.is_ok() {
        sleep(Duration::from_millis(10)).await;
    }
    let url = format!("{}/api/hook", host.url());
    let client = reqwest::Client::new();
    let start = Instant::now();
    assert_eq!(client.post(&url).body("x").send().await.unwrap().status(), 500);
    // 50 + 100 + 200 + 6 × 250 ms
    assert!(start.elapsed() >= Duration::from_millis(1850), "{:?} {:?}", start.elapsed(), host.notices());
    let (answer, ()) = tokio::join!(client.post(&url).body("once").send(), async {
        sleep(Duration::from_millis(300)).await;
        world.answer(|_| async { done() }).await;
    });
    assert_eq!(answer.unwrap().status(), 200);
    assert_eq!(world.seen().iter().map(|seen| seen.body.clone()).collect::<Vec<_>>(), ["once"]);
}

#[tokio::test]
async fn an_entry_is_posted_as_the_host_posts_it_and_deleted_when_done() {
    let (mut world, settings, queues) = World::new().await.with_queue();
    world.answer(|_| async { done() }).await;
    let mut options = world.options(STAYS);
    options.settings.extend(settings);
    let host = started(options).await;
    // The queue comes later than the host: a queue that is missing is no fault.
    sleep(Duration::from_millis(300)).await;
    queues.jobs.create().await.unwrap();
    queues.put(r#"{"text":"sí","list":[1]}"#).await;
    host.wait_idle(LONG).await.unwrap();
    let seen = world.seen();
    let [seen] = seen.as_slice() else { panic!("{seen:?}") };
    assert_eq!((seen.method.as_str(), seen.uri.as_str()), ("POST", "/worker"));
    assert_eq!(seen.header("content-type"), Some("application/json; charset=utf-8"));
    assert_eq!(seen.header("user-agent"), Some("Azure-Functions-Host/4.1052.200"));
    assert_eq!(seen.header("x-azure-functions-invocationid").map(str::len), Some(36));
    assert_eq!((seen.header("transfer-encoding"), seen.header("content-length")), (Some("chunked"), None));
    let body = seen.json();
    assert_eq!(body["Data"], json!({ "job": r#""{\"text\":\"sí\",\"list\":[1]}""# }));
    assert_eq!(body["Metadata"]["DequeueCount"], "1");
    assert_eq!(body["Metadata"]["text"], r#""sí""#);
    assert_eq!(body["Metadata"]["sys"]["MethodName"], "worker");
    let stats = Stats { invocations: 1, successes: 1, ..Stats::default() };
    assert_eq!(host.stats(), stats);
    assert_eq!(host.notices(), Vec::<String>::new());
}

#[tokio::test]
async fn a_failing_entry_comes_back_and_ends_in_the_poison_queue() {
    let (mut world, settings, queues) = World::new().await.with_queue();
    world
        .answer(|seen| async move {
            let good = seen.json()["Data"]["job"] == "\"good\"";
            if good { done() } else { axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response() }
        })
        .await;
    queues.jobs.create().await.unwrap();
    let mut options = world.options(STAYS);
    options.settings.extend(settings);
    let host = started(options).await;
    let start = Instant::now();
    for text in ["good", "bad"] {
        queues.put(text).await;
    }
    host.wait_settled(LONG).await.unwrap();
    host.wait_idle(LONG).await.unwrap();
    // Two pauses of 30 s × 0.03, rounded up to 1 s each.
    assert!(start.elapsed() >= Duration::from_secs(2), "{:?}", start.elapsed());
    let counts: Vec<_> = world.seen().iter().map(|seen| seen.json()["Metadata"]["DequeueCount"].clone()).collect();
    assert_eq!(counts.len(), 4);
    assert_eq!(counts.last().unwrap(), "3");
    let stats = Stats { invocations: 4, successes: 1, failures: 3, poisoned: 1, ..Stats::default() };
    assert_eq!(host.stats(), stats);
    assert_eq!(queues.poisoned().await, [BASE64.encode("bad")]);
}

#[tokio::test]
async fn what_is_not_base64_is_poison_without_an_invocation_and_what_is_no_text_after_all_attempts() {
    let (mut world, settings, queues) = World::new().await.with_queue();
    world.answer(|_| async { done() }).await;
    queues.jobs.create().await.unwrap();
    let mut options = world.options(STAYS);
    options.settings.extend(settings);
    let host = started(options).await;
    queues.jobs.put_message("{not base64}").await.unwrap();
    queues.jobs.put_message(BASE64.encode(b"\xff\xfe")).await.unwrap();
    host.wait_idle(LONG).await.unwrap();
    assert!(world.seen().is_empty());
    assert_eq!(host.stats(), Stats { failures: 3, poisoned: 2, ..Stats::default() });
    let mut poisoned = queues.poisoned().await;
    poisoned.sort();
    assert_eq!(poisoned, [BASE64.encode(b"\xff\xfe"), "{not base64}".to_owned()]);
}

#[tokio::test]
async fn an_entry_that_was_received_too_often_is_moved_without_an_invocation() {
    let (mut world, settings, queues) = World::new().await.with_queue();
    world.answer(|_| async { done() }).await;
    queues.jobs.create().await.unwrap();
    queues.put("worn out").await;
    for _ in 0..3 {
        let received = queues.jobs.get_messages().visibility_timeout(Duration::from_secs(1)).await.unwrap();
        assert_eq!(received.messages.len(), 1);
        sleep(Duration::from_millis(1200)).await;
    }
    let mut options = world.options(STAYS);
    options.settings.extend(settings);
    let host = started(options).await;
    host.wait_idle(LONG).await.unwrap();
    assert!(world.seen().is_empty());
    assert_eq!(host.stats(), Stats { poisoned: 1, ..Stats::default() });
    assert_eq!(queues.poisoned().await, [BASE64.encode("worn out")]);
}

#[tokio::test]
async fn an_empty_answer_hangs_until_the_function_times_out_and_the_handler_is_killed() {
    let (mut world, settings, queues) = World::new().await.with_queue();
    let first = Arc::new(std::sync::atomic::AtomicBool::new(true));
    world
        .answer(move |seen| {
            let hangs = seen.uri == "/worker" && first.swap(false, std::sync::atomic::Ordering::SeqCst);
            async move { if hangs { ().into_response() } else { done() } }
        })
        .await;
    queues.jobs.create().await.unwrap();
    queues.put("x").await;
    let mut options = world.options(STAYS);
    options.settings.extend(settings);
    options.function_timeout = Some(Duration::from_secs(3));
    let host = started(options).await;
    host.wait_idle(LONG).await.unwrap();
    // Once; a machine that stands still for seconds lets the second one take too long as well.
    let stats = host.stats();
    assert!(stats.successes == 1 && stats.failures >= 1, "{stats:?}");
    assert_eq!((u64::from(stats.restarts), stats.invocations), (stats.failures, stats.failures + 1), "{stats:?}");
    let notices = host.notices().join("\n");
    assert!(notices.contains("the handler was killed (a function took too long)"), "{notices}");
    assert!(notices.contains("was not done within 3000 ms"), "{notices}");
}

#[tokio::test]
async fn a_long_function_keeps_its_entry() {
    let (mut world, settings, queues) = World::new().await.with_queue();
    world
        .answer(|seen| async move {
            if seen.uri == "/worker" {
                sleep(Duration::from_secs(22)).await;
            }
            done()
        })
        .await;
    queues.jobs.create().await.unwrap();
    queues.put("x").await;
    let mut options = world.options(STAYS);
    options.settings.extend(settings);
    // Longer than the lease: 10 min × 0.03.
    options.function_timeout = Some(LONG);
    let host = started(options).await;
    host.wait_idle(LONG).await.unwrap();
    assert_eq!(host.stats(), Stats { invocations: 1, successes: 1, ..Stats::default() });
}

#[tokio::test]
async fn no_more_entries_are_in_hand_than_the_settings_allow() {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    let (mut world, settings, queues) = World::new().await.with_queue();
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (now_seen, most_seen) = (Arc::clone(&now), Arc::clone(&most));
    world
        .answer(move |seen| {
            let (now, most) = (Arc::clone(&now), Arc::clone(&most));
            async move {
                if seen.uri == "/worker" {
                    most.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
                    sleep(Duration::from_millis(100)).await;
                    now.fetch_sub(1, SeqCst);
                }
                done()
            }
        })
        .await;
    queues.jobs.create().await.unwrap();
    for number in 0..20 {
        queues.put(&number.to_string()).await;
    }
    let mut options = world.options(STAYS);
    options.settings.extend(settings);
    let host = started(options).await;
    host.wait_idle(LONG).await.unwrap();
    assert_eq!(host.stats().successes, 20);
    assert_eq!(now_seen.load(SeqCst), 0);
    // batchSize + newBatchThreshold; a whole batch at least.
    let most = most_seen.load(SeqCst);
    assert!((4..=6).contains(&most), "{most}");
}

#[tokio::test]
async fn an_entry_delayed_by_its_sender_is_settled_but_not_idle() {
    let (mut world, settings, queues) = World::new().await.with_queue();
    world.answer(|_| async { done() }).await;
    queues.jobs.create().await.unwrap();
    queues.jobs.put_message(BASE64.encode("later")).visibility_timeout(LONG).await.unwrap();
    queues.put("now").await;
    let mut options = world.options(STAYS);
    options.settings.extend(settings);
    let host = started(options).await;
    host.wait_settled(LONG).await.unwrap();
    assert_eq!(host.stats().successes, 1);
    let error = host.wait_idle(Duration::from_millis(300)).await.unwrap_err();
    assert!(matches!(error, HostError::NotIdle { .. }), "{error}");
}

#[tokio::test]
async fn what_the_handler_was_killed_over_is_done_by_its_next_life() {
    let (mut world, settings, queues) = World::new().await.with_queue();
    world.answer(|_| async { done() }).await;
    queues.jobs.create().await.unwrap();
    let mut options = world.options(STAYS);
    options.settings.extend(settings);
    let host = started(options).await;
    for number in 0..10 {
        queues.put(&number.to_string()).await;
        host.kill_handler().await;
    }
    host.wait_idle(LONG).await.unwrap();
    assert_eq!((host.stats().successes, host.stats().poisoned), (10, 0));
}

#[tokio::test]
async fn an_account_that_does_not_name_its_server_or_is_away_for_a_while_will_do() {
    let (mut world, _, _) = World::new().await.with_queue();
    world.answer(|_| async { done() }).await;
    let account = Azurite::shared().unwrap().account();
    let (server, path) = account.queue_url.rsplit_once('/').unwrap();
    let proxy = crate::proxy::Proxy::start(server).await.unwrap();
    let through = account.connection_string_via(&format!("{}/{path}", proxy.url()), &account.table_url);
    let mut options = world.options(STAYS);
    options.settings.insert("AzureWebJobsStorage".to_owned(), through);
    options.settings.insert("QUEUE".to_owned(), "jobs".to_owned());
    let jobs = storage::queues(&options.settings, "AzureWebJobsStorage").unwrap().queue_client("jobs");
    jobs.create().await.unwrap();
    let host = started(options).await;
    jobs.put_message(BASE64.encode("one")).await.unwrap();
    host.wait_idle(LONG).await.unwrap();
    proxy.set_down(true);
    while host.notices().is_empty() {
        sleep(Duration::from_millis(50)).await;
    }
    proxy.set_down(false);
    jobs.put_message(BASE64.encode("two")).await.unwrap();
    host.wait_idle(LONG).await.unwrap();
    assert_eq!(host.stats().successes, 2);
    let notices = host.notices();
    assert!(notices.len() == 1 && notices[0].starts_with("worker: the queue cannot be read"), "{notices:?}");
}

#[test]
fn times_are_scaled_and_the_queues_are_rounded_up() {
    let scale = Scale::new(0.03).unwrap();
    assert_eq!(scale.of(Duration::from_secs(300)), Duration::from_secs(9));
    assert_eq!(scale.whole_seconds(Duration::from_secs(30)), Duration::from_secs(1));
    assert_eq!(scale.whole_seconds(Duration::from_secs(600)), Duration::from_secs(18));
    assert_eq!(scale.whole_seconds(Duration::ZERO), Duration::ZERO);
    assert_eq!(Scale::new(1.0).unwrap().whole_seconds(Duration::from_secs(30)), Duration::from_secs(30));
    for wrong in [0.0, -1.0, 11.0, f64::NAN, f64::INFINITY] {
        assert!(Scale::new(wrong).is_err(), "{wrong}");
    }
}
