//! Reads the app's own files, `host.json` and `*/function.json`, as the Functions host reads them.
//!
//! What this host cannot do is refused here, with a sentence that says so, and not ignored: a test that passes against
//! a host which quietly leaves something out proves nothing.

use std::{fs, path::Path, time::Duration};

use axum::http::Method;
use serde::Deserialize;

/// The prefix of all HTTP routes unless `extensions.http.routePrefix` says otherwise.
const DEFAULT_ROUTE_PREFIX: &str = "api";
/// What a function may take where `functionTimeout` is not set (Flex Consumption).
const DEFAULT_FUNCTION_TIMEOUT: Duration = Duration::from_secs(30 * 60);
/// Entries fetched at once unless `batchSize` says otherwise.
const DEFAULT_BATCH_SIZE: u8 = 16;
/// The most entries that the service hands out at once, and so the most that `batchSize` may be.
const MAX_BATCH_SIZE: u8 = 32;
/// Attempts before the poison queue unless `maxDequeueCount` says otherwise.
const DEFAULT_MAX_DEQUEUE_COUNT: u64 = 5;
/// The longest pause between two looks at an empty queue unless `maxPollingInterval` says otherwise.
const DEFAULT_MAX_POLLING_INTERVAL: Duration = Duration::from_secs(60);

/// What the app's files say, as far as the host acts on it.
#[derive(Debug, PartialEq)]
pub(super) struct App {
    /// The port that the handler is to listen on; `None` is any free one.
    pub(super) handler_port: Option<u16>,
    /// How long a queue function may take; `None` is without end.
    pub(super) function_timeout: Option<Duration>,
    /// `extensions.queues`, the same for all queue functions.
    pub(super) queues: QueueSettings,
    /// The functions with an `httpTrigger`.
    pub(super) http: Vec<HttpFunction>,
    /// The functions with a `queueTrigger`.
    pub(super) queue: Vec<QueueFunction>,
}

/// A function that answers HTTP requests.
#[derive(Debug, PartialEq)]
pub(super) struct HttpFunction {
    /// The folder's name.
    pub(super) name: String,
    /// The whole public path, such as `/api/spruce-webhook`.
    path: String,
    /// The methods served; empty is all.
    methods: Vec<Method>,
}

impl HttpFunction {
    /// Whether a request belongs to this function. Paths are compared without regard to case and to a slash at the
    /// end, as ASP.NET's routing does.
    pub(super) fn serves(&self, method: &Method, path: &str) -> bool {
        let path = path.strip_suffix('/').unwrap_or(path);
        self.path.eq_ignore_ascii_case(path) && (self.methods.is_empty() || self.methods.contains(method))
    }
}

/// A function that is called with the entries of a queue.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct QueueFunction {
    /// The folder's name, and the path of the invocation.
    pub(super) name: String,
    /// The name of the trigger binding, under which the entry's text stands in the invocation.
    pub(super) binding: String,
    /// The queue's name; `%NAME%` stands for an app setting.
    pub(super) queue: String,
    /// The app setting that holds the connection string.
    pub(super) connection: String,
}

/// `extensions.queues` of `host.json`, the defaults filled in.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct QueueSettings {
    /// Entries fetched at once.
    pub(super) batch_size: u8,
    /// The next batch is fetched when no more than this many entries are being worked on.
    pub(super) new_batch_threshold: usize,
    /// Attempts before the poison queue.
    pub(super) max_dequeue_count: u64,
    /// The pause after a failed attempt.
    pub(super) visibility_timeout: Duration,
    /// The longest pause between two looks at an empty queue.
    pub(super) max_polling_interval: Duration,
    /// Whether an entry's text is base64 of the real text.
    pub(super) base64: bool,
}

impl App {
    /// Reads `host.json` and every `*/function.json` below `root`.
    ///
    /// The error is a sentence that names the file.
    pub(super) fn read(root: &Path) -> Result<Self, String> {
        let host_json = read(&root.join("host.json"))?;
        let folders = fs::read_dir(root).map_err(|error| format!("{}: {error}", root.display()))?;
        let mut functions = Vec::new();
        for folder in folders {
            let folder = folder.map_err(|error| format!("{}: {error}", root.display()))?;
            let file = folder.path().join("function.json");
            if file.is_file() {
                functions.push((folder.file_name().to_string_lossy().into_owned(), read(&file)?));
            }
        }
        // The order of a folder is the file system's; that of the functions is not to depend on it.
        functions.sort();
        Self::parse(&host_json, &functions)
    }

    /// Makes the app of the text of `host.json` and of each function's name and `function.json`.
    fn parse(host_json: &str, functions: &[(String, String)]) -> Result<Self, String> {
        let host: HostJson = serde_json::from_str(host_json).map_err(|error| format!("host.json: {error}"))?;
        host.check()?;
        let prefix = host.extensions.http.route_prefix.as_deref().unwrap_or(DEFAULT_ROUTE_PREFIX);
        let mut app = Self {
            handler_port: host.custom_handler.port,
            function_timeout: host.function_timeout()?,
            queues: host.extensions.queues.settings()?,
            http: Vec::new(),
            queue: Vec::new(),
        };
        for (name, text) in functions {
            let function: FunctionJson =
                serde_json::from_str(text).map_err(|error| format!("{name}/function.json: {error}"))?;
            if function.disabled {
                continue;
            }
            match function.trigger(name, prefix).map_err(|problem| format!("{name}/function.json: {problem}"))? {
                Trigger::Http(function) => app.http.push(function),
                Trigger::Queue(function) => app.queue.push(function),
            }
        }
        if app.http.is_empty() && app.queue.is_empty() {
            return Err("there is no function: no folder with a function.json in it".to_owned());
        }
        Ok(app)
    }
}

/// `host.json` as written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HostJson {
    version: String,
    function_timeout: Option<String>,
    custom_handler: CustomHandler,
    #[serde(default)]
    extensions: Extensions,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CustomHandler {
    description: Description,
    port: Option<u16>,
    #[serde(default)]
    enable_proxying_http_request: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Description {
    default_executable_path: String,
    #[serde(default)]
    arguments: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Extensions {
    http: HttpExtension,
    queues: QueuesExtension,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct HttpExtension {
    route_prefix: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct QueuesExtension {
    batch_size: Option<u8>,
    new_batch_threshold: Option<usize>,
    max_dequeue_count: Option<u64>,
    visibility_timeout: Option<String>,
    max_polling_interval: Option<String>,
    message_encoding: Option<String>,
}

/// `function.json` as written.
#[derive(Deserialize)]
struct FunctionJson {
    #[serde(default)]
    disabled: bool,
    bindings: Vec<Binding>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Binding {
    #[serde(rename = "type")]
    kind: String,
    name: String,
    methods: Option<Vec<String>>,
    route: Option<String>,
    queue_name: Option<String>,
    connection: Option<String>,
    data_type: Option<String>,
}

enum Trigger {
    Http(HttpFunction),
    Queue(QueueFunction),
}

impl HostJson {
    fn check(&self) -> Result<(), String> {
        if self.version != "2.0" {
            return Err(format!("host.json: version is `{}`, not `2.0`", self.version));
        }
        if self.custom_handler.description.default_executable_path.is_empty() {
            return Err("host.json: customHandler.description.defaultExecutablePath is empty".to_owned());
        }
        if !self.custom_handler.description.arguments.is_empty() {
            return Err("host.json: customHandler.description.arguments are not supported here".to_owned());
        }
        if !self.custom_handler.enable_proxying_http_request {
            return Err("host.json: only customHandler.enableProxyingHttpRequest = true is supported here".to_owned());
        }
        Ok(())
    }

    fn function_timeout(&self) -> Result<Option<Duration>, String> {
        match self.function_timeout.as_deref() {
            None => Ok(Some(DEFAULT_FUNCTION_TIMEOUT)),
            Some("-1") => Ok(None),
            Some(text) => setting("functionTimeout", text).map(Some),
        }
    }
}

impl QueuesExtension {
    fn settings(&self) -> Result<QueueSettings, String> {
        let batch_size = self.batch_size.unwrap_or(DEFAULT_BATCH_SIZE);
        if !(1..=MAX_BATCH_SIZE).contains(&batch_size) {
            return Err(format!("host.json: batchSize is {batch_size}, not 1 to {MAX_BATCH_SIZE}"));
        }
        let max_dequeue_count = self.max_dequeue_count.unwrap_or(DEFAULT_MAX_DEQUEUE_COUNT);
        if max_dequeue_count == 0 {
            return Err("host.json: maxDequeueCount is 0".to_owned());
        }
        let base64 = match self.message_encoding.as_deref() {
            None | Some("base64") => true,
            Some("none") => false,
            Some(other) => return Err(format!("host.json: messageEncoding is `{other}`, not `base64` or `none`")),
        };
        let visibility_timeout = self.visibility_timeout.as_deref();
        let max_polling_interval = self.max_polling_interval.as_deref();
        Ok(QueueSettings {
            batch_size,
            // On one core, as an instance of Flex Consumption has at most.
            new_batch_threshold: self.new_batch_threshold.unwrap_or(usize::from(batch_size) / 2),
            max_dequeue_count,
            visibility_timeout: visibility_timeout
                .map_or(Ok(Duration::ZERO), |text| setting("visibilityTimeout", text))?,
            max_polling_interval: max_polling_interval
                .map_or(Ok(DEFAULT_MAX_POLLING_INTERVAL), |text| setting("maxPollingInterval", text))?,
            base64,
        })
    }
}

impl FunctionJson {
    fn trigger(&self, name: &str, prefix: &str) -> Result<Trigger, String> {
        let trigger = self
            .bindings
            .iter()
            .find(|binding| binding.kind.to_ascii_lowercase().ends_with("trigger"))
            .ok_or("no binding is a trigger")?;
        let others: Vec<&str> = (self.bindings.iter())
            .filter(|binding| !std::ptr::eq(*binding, trigger))
            .map(|binding| binding.kind.as_str())
            .collect();
        match trigger.kind.as_str() {
            // Exactly this pair of bindings is proxied; any other gets the request as JSON, its bytes changed.
            "httpTrigger" if others == ["http"] => trigger.http(name, prefix).map(Trigger::Http),
            "httpTrigger" => Err("an httpTrigger needs one http output binding and nothing else".to_owned()),
            "queueTrigger" if others.is_empty() => trigger.queue(name).map(Trigger::Queue),
            "queueTrigger" => Err("bindings beside a queueTrigger are not supported here".to_owned()),
            other => Err(format!("the trigger `{other}` is not supported here")),
        }
    }
}

impl Binding {
    fn http(&self, name: &str, prefix: &str) -> Result<HttpFunction, String> {
        let route = self.route.as_deref().unwrap_or(name).trim_matches('/');
        if route.contains(['{', '}']) {
            return Err(format!("the route `{route}` has parameters, which are not supported here"));
        }
        if ["admin", "runtime"].iter().any(|reserved| route.to_ascii_lowercase().starts_with(reserved)) {
            return Err(format!("the route `{route}` begins with a reserved word"));
        }
        let methods = self.methods.iter().flatten().map(|method| {
            Method::from_bytes(method.to_ascii_uppercase().as_bytes()).map_err(|_| format!("`{method}` is no method"))
        });
        let prefix = prefix.trim_matches('/');
        let path = if prefix.is_empty() { format!("/{route}") } else { format!("/{prefix}/{route}") };
        Ok(HttpFunction { name: name.to_owned(), path, methods: methods.collect::<Result<_, _>>()? })
    }

    fn queue(&self, name: &str) -> Result<QueueFunction, String> {
        if self.data_type.as_deref().is_some_and(|kind| kind != "string") {
            return Err("only the dataType `string` is supported here".to_owned());
        }
        let connection = self.connection.as_deref().filter(|connection| !connection.is_empty());
        Ok(QueueFunction {
            name: name.to_owned(),
            binding: self.name.clone(),
            queue: self.queue_name.clone().ok_or("queueName is missing")?,
            connection: connection.unwrap_or("AzureWebJobsStorage").to_owned(),
        })
    }
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

fn setting(name: &str, text: &str) -> Result<Duration, String> {
    time_span(text).ok_or_else(|| format!("host.json: {name} is `{text}`, not a time such as `00:00:30`"))
}

/// Reads .NET's `[days.]hours:minutes:seconds[.fraction]`.
fn time_span(text: &str) -> Option<Duration> {
    let (rest, seconds) = text.rsplit_once(':')?;
    let (rest, minutes) = rest.rsplit_once(':')?;
    let (days, hours) = rest.split_once('.').unwrap_or(("0", rest));
    let [days, hours, minutes] = [days.parse::<u32>().ok()?, hours.parse().ok()?, minutes.parse().ok()?];
    let seconds: f64 = seconds.parse().ok().filter(|seconds| (0.0..60.0).contains(seconds))?;
    if hours >= 24 || minutes >= 60 {
        return None;
    }
    let whole_minutes = (u64::from(days) * 24 + u64::from(hours)) * 60 + u64::from(minutes);
    Some(Duration::from_secs(whole_minutes * 60) + Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST_JSON: &str = r#"{
        "version": "2.0", "functionTimeout": "00:05:00",
        "customHandler": {
            "description": { "defaultExecutablePath": "handler" },
            "enableProxyingHttpRequest": true, "enableForwardingHttpRequest": true
        },
        "extensions": { "queues": { "messageEncoding": "base64", "batchSize": 16, "newBatchThreshold": 8,
            "maxDequeueCount": 5, "visibilityTimeout": "00:00:30", "maxPollingInterval": "00:00:02" } }
    }"#;
    const HTTP: &str = r#"{ "bindings": [
        { "type": "httpTrigger", "direction": "in", "name": "req", "authLevel": "anonymous",
          "methods": ["post", "get"], "route": "hook" },
        { "type": "http", "direction": "out", "name": "res" } ] }"#;
    const QUEUE: &str = r#"{ "bindings": [
        { "type": "queueTrigger", "direction": "in", "name": "job", "queueName": "jobs" } ] }"#;

    fn parse(host: &str, functions: &[(&str, &str)]) -> Result<App, String> {
        let functions: Vec<_> = functions.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        App::parse(host, &functions)
    }

    #[test]
    fn what_the_files_say_is_taken_over() {
        let app = parse(HOST_JSON, &[("in", HTTP), ("worker", QUEUE)]).unwrap();
        assert_eq!(
            app,
            App {
                handler_port: None,
                function_timeout: Some(Duration::from_secs(300)),
                queues: QueueSettings {
                    batch_size: 16,
                    new_batch_threshold: 8,
                    max_dequeue_count: 5,
                    visibility_timeout: Duration::from_secs(30),
                    max_polling_interval: Duration::from_secs(2),
                    base64: true,
                },
                http: vec![HttpFunction {
                    name: "in".to_owned(),
                    path: "/api/hook".to_owned(),
                    methods: vec![Method::POST, Method::GET],
                }],
                queue: vec![QueueFunction {
                    name: "worker".to_owned(),
                    binding: "job".to_owned(),
                    queue: "jobs".to_owned(),
                    connection: "AzureWebJobsStorage".to_owned(),
                }],
            }
        );
    }

    #[test]
    fn what_the_files_leave_out_has_the_hosts_defaults() {
        let host = r#"{ "version": "2.0", "customHandler": {
            "description": { "defaultExecutablePath": "handler" }, "enableProxyingHttpRequest": true } }"#;
        let app = parse(host, &[("worker", QUEUE)]).unwrap();
        assert_eq!(app.function_timeout, Some(Duration::from_secs(1800)));
        assert_eq!(
            app.queues,
            QueueSettings {
                batch_size: 16,
                new_batch_threshold: 8,
                max_dequeue_count: 5,
                visibility_timeout: Duration::ZERO,
                max_polling_interval: Duration::from_secs(60),
                base64: true,
            }
        );
    }

    #[test]
    fn only_the_route_and_its_methods_are_served() {
        let app = parse(HOST_JSON, &[("in", HTTP)]).unwrap();
        let served = |method: Method, path: &str| app.http.iter().any(|function| function.serves(&method, path));
        assert!(served(Method::POST, "/api/hook"));
        assert!(served(Method::GET, "/API/Hook/"));
        for (method, path) in [
            (Method::PUT, "/api/hook"),
            (Method::POST, "/hook"),
            (Method::POST, "/api/hook/more"),
            (Method::POST, "/api"),
            (Method::POST, "/worker"),
            (Method::POST, "/"),
        ] {
            assert!(!served(method.clone(), path), "{method} {path}");
        }
    }

    #[test]
    fn what_cannot_be_done_is_refused_by_name() {
        let forwarding = HOST_JSON.replace(r#""enableProxyingHttpRequest": true, "#, "");
        let batch = HOST_JSON.replace(r#""batchSize": 16"#, r#""batchSize": 33"#);
        let encoding = HOST_JSON.replace(r#""base64""#, r#""utf8""#);
        let time = HOST_JSON.replace("00:00:30", "30");
        let parameter = HTTP.replace(r#""hook""#, r#""{*path}""#);
        let queue_out = HTTP.replace(r#""http","#, r#""queue","#);
        let binary = QUEUE.replace(r#""name""#, r#""dataType": "binary", "name""#);
        let timer = QUEUE.replace("queueTrigger", "timerTrigger");
        for (host, function, expected) in [
            (forwarding.as_str(), HTTP, "host.json: only customHandler.enableProxyingHttpRequest"),
            (&batch, HTTP, "host.json: batchSize is 33, not 1 to 32"),
            (&encoding, HTTP, "host.json: messageEncoding is `utf8`"),
            (&time, HTTP, "host.json: visibilityTimeout is `30`"),
            (HOST_JSON, &parameter, "f/function.json: the route `{*path}` has parameters"),
            (HOST_JSON, &queue_out, "f/function.json: an httpTrigger needs one http output"),
            (HOST_JSON, &binary, "f/function.json: only the dataType `string`"),
            (HOST_JSON, &timer, "f/function.json: the trigger `timerTrigger` is not supported"),
            (HOST_JSON, "{}", "f/function.json: missing field `bindings`"),
        ] {
            let problem = parse(host, &[("f", function)]).unwrap_err();
            assert!(problem.starts_with(expected), "{problem}\n  does not begin with\n{expected}");
        }
        assert!(parse(HOST_JSON, &[]).unwrap_err().starts_with("there is no function"));
    }

    #[test]
    fn time_spans_are_read_as_dot_net_writes_them() {
        for (text, milliseconds) in [
            ("00:00:30", Some(30_000)),
            ("00:05:00", Some(300_000)),
            ("01:00:00", Some(3_600_000)),
            ("1.00:00:00", Some(86_400_000)),
            ("00:00:00.5", Some(500)),
            ("30", None),
            ("00:30", None),
            ("00:60:00", None),
            ("24:00:00", None),
            ("00:00:-1", None),
            ("00:00:NaN", None),
            ("", None),
        ] {
            assert_eq!(time_span(text), milliseconds.map(Duration::from_millis), "{text}");
        }
    }
}
