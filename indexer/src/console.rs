//! The console's built files.

use axum::{
    extract::Request,
    http::{header, HeaderName, HeaderValue, StatusCode},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
    Router,
};
use std::path::{Path, PathBuf};
use tower_http::services::{ServeDir, ServeFile};

/// Where the build puts files whose names change with what is in them.
const FOREVER: &str = "/assets/";

/// Why the console cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// The folder has no page.
    #[error("{folder} has no index.html; build the console, or leave --console out")]
    NoPage {
        /// The folder.
        folder: PathBuf,
    },
    /// An origin cannot be part of a header.
    #[error("{origin} (--connect, --public-node) is no origin; give a scheme and a host, like wss://rpc.example.org")]
    Origin {
        /// What was given.
        origin: String,
    },
}

/// Serves a folder; a path that is no file is the page's own (the console finds its way by itself).
///
/// # Errors
/// See [`ConsoleError`].
pub fn router(folder: &Path, connect: &[String]) -> Result<Router, ConsoleError> {
    let page = folder.join("index.html");
    if !page.is_file() {
        return Err(ConsoleError::NoPage { folder: folder.into() });
    }
    let policy = policy(connect)?;
    let page = Router::new()
        .fallback_service(ServeFile::new(page))
        .layer(middleware::from_fn(only_pages));
    let files = ServeDir::new(folder).append_index_html_on_directories(true).fallback(page);
    Ok(Router::new()
        .fallback_service(files)
        .layer(middleware::from_fn(move |request: Request, next: Next| {
            let policy = policy.clone();
            async move { with_headers(request, next, policy).await }
        })))
}

/// When there is no console.
pub fn absent() -> Router {
    let text = "The indexer's interface is at /api/v1, its document at /api/v1/openapi.json.\n\
                The console is not served: give its built files with --console FOLDER.\n";
    Router::new()
        .route("/", get(move || async move { text }))
        .fallback(|| async { (StatusCode::NOT_FOUND, "There is nothing here; the interface is at /api/v1.\n") })
}

/// A missing file must not be answered with the page: a browser would take it for a script.
async fn only_pages(request: Request, next: Next) -> Response {
    let last = request.uri().path().rsplit('/').next().unwrap_or_default();
    if last.contains('.') || request.uri().path().starts_with(FOREVER) {
        return (StatusCode::NOT_FOUND, "There is no such file.\n").into_response();
    }
    next.run(request).await
}

async fn with_headers(request: Request, next: Next, policy: HeaderValue) -> Response {
    let is_forever = request.uri().path().starts_with(FOREVER);
    let mut response = next.run(request).await;
    let good = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    let caching = if is_forever && good {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = response.headers_mut();
    let set = [
        (header::CACHE_CONTROL, HeaderValue::from_static(caching)),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("same-origin"),
        ),
    ];
    headers.extend(set);
    response
}

/// What the page may load and connect to: its own files, this server, nodes on this machine, and what is named.
fn policy(connect: &[String]) -> Result<HeaderValue, ConsoleError> {
    let mut sources = vec!["'self'", "ws://127.0.0.1:*", "ws://localhost:*"];
    for origin in connect {
        let (scheme, host) = origin.split_once("://").unwrap_or_default();
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:*[]".contains(&byte));
        if !["ws", "wss", "http", "https"].contains(&scheme) || !plain(host) {
            return Err(ConsoleError::Origin { origin: origin.clone() });
        }
        sources.push(origin);
    }
    // The console's components write style attributes and elements; scripts come from files alone.
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; \
         manifest-src 'self'; worker-src 'self'; connect-src {}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        sources.join(" ")
    );
    HeaderValue::from_str(&policy).map_err(|_| ConsoleError::Origin { origin: connect.join(",") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{to_bytes, Body};
    use tower::ServiceExt;

    fn built() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("index.html"), "<html>page</html>").unwrap();
        std::fs::create_dir(folder.path().join("assets")).unwrap();
        std::fs::write(folder.path().join("assets/app-1a2b.js"), "script").unwrap();
        folder
    }

    async fn get(folder: &Path, path: &str) -> (StatusCode, String, String) {
        let router = router(folder, &[]).unwrap();
        let response = router.oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        let (status, caching) = (
            response.status(),
            response.headers()[header::CACHE_CONTROL].to_str().unwrap().to_owned(),
        );
        assert!(response.headers()[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap()
            .contains("script-src 'self';"));
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, caching, String::from_utf8_lossy(&body).into_owned())
    }

    #[tokio::test]
    async fn the_page_is_served_for_every_path_of_its_own() {
        let folder = built();
        for path in ["/", "/pools", "/workers/0xab"] {
            let (status, caching, body) = get(folder.path(), path).await;
            assert_eq!(
                (status, caching.as_str(), body.as_str()),
                (StatusCode::OK, "no-cache", "<html>page</html>"),
                "{path}"
            );
        }
    }

    #[tokio::test]
    async fn files_named_by_their_content_are_kept_for_ever() {
        let (status, caching, body) = get(built().path(), "/assets/app-1a2b.js").await;
        assert_eq!((status, body.as_str()), (StatusCode::OK, "script"));
        assert!(caching.contains("immutable"), "{caching}");
    }

    #[tokio::test]
    async fn a_missing_file_is_no_page() {
        let folder = built();
        for path in [
            "/assets/app-0000.js",
            "/assets/none",
            "/favicon.ico",
            "/../secret.txt",
            "/%2e%2e/secret.txt",
        ] {
            let (status, caching, body) = get(folder.path(), path).await;
            assert_eq!((status, caching.as_str()), (StatusCode::NOT_FOUND, "no-cache"), "{path}");
            assert!(!body.contains("page"), "{path}");
        }
    }

    #[test]
    fn a_folder_without_a_page_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(router(folder.path(), &[]), Err(ConsoleError::NoPage { .. })));
    }

    #[test]
    fn only_origins_can_be_connected_to() {
        let named = policy(&["wss://rpc.example.org".into(), "wss://*.example.org:443".into()]).unwrap();
        assert!(named
            .to_str()
            .unwrap()
            .contains("ws://localhost:* wss://rpc.example.org wss://*.example.org:443;"));
        for wrong in [
            "rpc.example.org",
            "wss://",
            "wss://a; script-src *",
            "wss://a b",
            "javascript://a",
            "wss://a\n",
        ] {
            assert!(matches!(policy(&[wrong.into()]), Err(ConsoleError::Origin { .. })), "{wrong}");
        }
    }
}
