//! The HTTP upgrade (RFC 6455, section 4.2), by hand: tungstenite's own answers a request that is no upgrade with
//! silence, and whoever opens the URL in a browser, or points a proxy at the wrong path, should read why.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::machine::TryParse;
use tokio_tungstenite::tungstenite::handshake::server::{Request, create_response, write_response};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use watchfire_protocol::frame::{PATH, SUBPROTOCOL};

use crate::limit::Limits;

/// Why a request was not upgraded. The peer has been told.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotUpgraded {
    /// The peer went away or the socket failed.
    #[error("the socket closed")]
    Gone,
    /// It was answered with an HTTP error.
    #[error("answered with HTTP {0}")]
    Answered(u16),
}

/// Reads a request and answers it.
///
/// # Errors
/// It was no upgrade to this protocol at this path, or the peer went away. The caller bounds the time.
pub(crate) async fn accept<T>(mut socket: T, limits: &Limits) -> Result<WebSocketStream<T>, NotUpgraded>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let mut head = Vec::new();
    let request = loop {
        let mut chunk = [0; 1024];
        let read = socket.read(&mut chunk).await.map_err(|_| NotUpgraded::Gone)?;
        let Some(chunk) = chunk.get(..read).filter(|chunk| !chunk.is_empty()) else {
            return Err(NotUpgraded::Gone);
        };
        head.extend_from_slice(chunk);
        match Request::try_parse(&head) {
            Ok(Some((used, request))) if used == head.len() => break request,
            Ok(Some(_)) => {
                return refuse(&mut socket, 400, "nothing may follow the request before it is answered").await;
            }
            Ok(None) if head.len() > limits.header_bytes => {
                return refuse(&mut socket, 431, "the request is too large").await;
            }
            Ok(None) => {}
            Err(_) => return refuse(&mut socket, 400, "this is not a WebSocket request").await,
        }
    };
    if request.uri().path() != PATH {
        return refuse(&mut socket, 404, "there is nothing here but /v1").await;
    }
    let Ok(mut response) = create_response(&request) else {
        return refuse(&mut socket, 426, "this is a Watchfire relay: connect with a Watchfire client").await;
    };
    let offered = request.headers().get_all("Sec-WebSocket-Protocol");
    let mut offered = offered.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    if !offered.any(|protocol| protocol.trim() == SUBPROTOCOL) {
        return refuse(&mut socket, 400, "this relay speaks the WebSocket subprotocol watchfire.v1").await;
    }
    response.headers_mut().insert("Sec-WebSocket-Protocol", HeaderValue::from_static(SUBPROTOCOL));
    let mut out = Vec::new();
    write_response(&mut out, &response).map_err(|_| NotUpgraded::Gone)?;
    socket.write_all(&out).await.map_err(|_| NotUpgraded::Gone)?;
    socket.flush().await.map_err(|_| NotUpgraded::Gone)?;
    Ok(WebSocketStream::from_raw_socket(socket, Role::Server, Some(config(limits))).await)
}

/// Buffers: what is read goes through half a KiB, which each connection keeps while it waits, and a large frame costs some
/// more reads; finished frames bypass the write buffer, which holds only pongs and the close frame.
pub(crate) fn config(limits: &Limits) -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(512)
        .write_buffer_size(0)
        .max_write_buffer_size(8 << 10)
        .max_message_size(Some(limits.frame_bytes))
        .max_frame_size(Some(limits.frame_bytes))
}

async fn refuse<T, U>(socket: &mut T, status: u16, reason: &str) -> Result<U, NotUpgraded>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let name = match status {
        404 => "Not Found",
        426 => "Upgrade Required",
        431 => "Request Header Fields Too Large",
        _ => "Bad Request",
    };
    let upgrade =
        if status == 426 { "Upgrade: websocket\r\nConnection: Upgrade, close\r\n" } else { "Connection: close\r\n" };
    let answer = format!(
        "HTTP/1.1 {status} {name}\r\n{upgrade}Content-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n\r\n{reason}\n",
        reason.len() + 1
    );
    socket.write_all(answer.as_bytes()).await.map_err(|_| NotUpgraded::Gone)?;
    linger(socket).await;
    Err(NotUpgraded::Answered(status))
}

/// Ends a socket gently: a close with unread bytes is a reset, and may take what was just written with it.
pub(crate) async fn linger<T>(socket: &mut T)
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    const LONGEST: Duration = Duration::from_secs(1);
    const MOST: usize = 256 << 10;
    let drain = async {
        socket.shutdown().await?;
        let (mut chunk, mut all) = ([0; 1024], 0);
        while all < MOST {
            match socket.read(&mut chunk).await? {
                0 => break,
                read => all += read,
            }
        }
        Ok::<(), std::io::Error>(())
    };
    let _ = timeout(LONGEST, drain).await;
}
