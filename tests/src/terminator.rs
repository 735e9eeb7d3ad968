//! Something that ends TLS in front of a relay, as a reverse proxy does. What it passes on it could read.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;

use crate::authority::Issued;

/// It ends when it is dropped.
pub struct Terminator {
    pub port: u16,
    shaken: Arc<AtomicUsize>,
    _runtime: Runtime,
}

impl Terminator {
    /// Listens on a free port of this machine, in front of somebody.
    pub fn start(issued: &Issued, behind: SocketAddr) -> Self {
        let chain = vec![CertificateDer::from_pem_slice(issued.certificate.as_bytes()).unwrap()];
        let key = PrivateKeyDer::from_pem_slice(issued.key.as_bytes()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let port = listener.local_addr().unwrap().port();
        let shaken = Arc::new(AtomicUsize::new(0));
        let (acceptor, counted) = (TlsAcceptor::from(Arc::new(config)), Arc::clone(&shaken));
        runtime.spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (acceptor, counted) = (acceptor.clone(), Arc::clone(&counted));
                tokio::spawn(async move {
                    let Ok(mut socket) = acceptor.accept(socket).await else { return };
                    counted.fetch_add(1, Ordering::SeqCst);
                    if let Ok(mut behind) = TcpStream::connect(behind).await {
                        let _ = copy_bidirectional(&mut socket, &mut behind).await;
                    }
                });
            }
        });
        Self { port, shaken, _runtime: runtime }
    }

    /// How many accepted its certificate.
    pub fn shaken(&self) -> usize {
        self.shaken.load(Ordering::SeqCst)
    }
}
