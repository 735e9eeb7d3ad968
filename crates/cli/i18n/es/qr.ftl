### Códigos QR.

qr-link-fit-qr = el enlace no cabe en un código QR
