//! The demonstration checks its own outcome, so running it is a test of the whole.

use local::demo::{self, DemoOptions};

use crate::world::{EXECUTABLE, ROOT};

/// What `cargo demo` runs when it has built everything.
#[tokio::test]
async fn the_demonstration_comes_out_as_told() {
    let done = demo::run(DemoOptions { app_root: ROOT.into(), handler: EXECUTABLE.into(), keep: false }).await;
    done.unwrap_or_else(|error| panic!("{error}"));
}
