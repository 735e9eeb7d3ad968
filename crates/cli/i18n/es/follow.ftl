### Quién tiene una alerta, y quién viene.

follow-people-going-scene = van o llegaron { $coming } de { $wanted } personas, y se acabó el tiempo
follow-alert-goes-look = la alerta sigue; repita la orden para ver más
follow-received-going-scene = recibida { $received }   van { $going }   llegaron { $on_scene }   no pueden { $cannot }
follow-of = {"  "}{ $wanted }: { $met } de { $count }
