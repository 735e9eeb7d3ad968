### La mesa: los reportes, y lo que se hace con ellos.

# Lo que allí se niega, y qué hacer en su lugar.
inbox-claimed-already = el reporte { $report } lo tomó { $by }, hace { $span }
inbox-claimed-hint = no se cambió nada; hable con esa persona, o tómelo usted: watchfire inbox claim { $report } --yes
inbox-not-yours = usted no ha tomado el reporte { $report }
inbox-not-yours-hint = no se cambió nada; vea quién lo tiene: watchfire inbox show { $report }
inbox-merged-already = el reporte { $report } se unió al { $into }
inbox-merged-hint = no se cambió nada; siga con el otro: watchfire inbox show { $into }
inbox-same = los dos son el reporte { $report }, o ya se muestran con él
inbox-elsewhere = los dos reportes son de vecindarios distintos
inbox-list-hint = no se cambió nada; véalos todos: watchfire inbox list --all
inbox-closed-already = el reporte { $report } está cerrado
inbox-closed-hint = no se cambió nada; para abrirlo otra vez: watchfire inbox claim { $report }
inbox-one-source = el reporte { $report } tiene una sola fuente, y two-reports pide dos
inbox-one-source-hint = no se cambió nada; primero una a él el otro reporte: watchfire inbox merge OTRO { $report }
inbox-not-verified = nadie ha verificado el reporte { $report }: nada sin verificar llega a quienes responden
inbox-not-verified-hint = no se envió nada; pida que lo verifiquen: --ask verify. O verifíquelo: watchfire inbox verify { $report } --outcome verified --by MÉTODO
inbox-find-hint = véalos todos: watchfire inbox list --all; traiga lo nuevo: watchfire sync
