### QR codes.

qr-link-fit-qr = the link does not fit a QR code
