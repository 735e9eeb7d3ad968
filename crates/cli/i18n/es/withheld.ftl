### Lo que un retransmisor retiene.

withheld-withheld-had-alert = RETENIDA: { $tellers } tenía la alerta { $short } de alrededor del { $about }, y aquí no ha llegado. El retransmisor la retiene o la perdió: pregunte a quien coordina, por otro medio
withheld-silence-since-nothing = SILENCIO desde el { $since }: no ha llegado nada de coordinación. Puede que no pase nada, o que el retransmisor retenga algo: pregunte a quien coordina, por otro medio
withheld-sees-another-charter = { $who } ve otro estatuto de versión { $version } que esta mesa
withheld-sees-charter-version = { $who } ve la versión { $seen } del estatuto, y esta mesa tiene la { $held }
withheld-still-sees-charter = { $who } sigue viendo la versión { $seen } del estatuto, y esta mesa tiene la { $held }
withheld-sees-other-restrictions = { $who } ve restricciones de coordinación que esta mesa no tiene
withheld-sees-older-restrictions = { $who } no ve las restricciones de coordinación que están en vigor
withheld-sees-another-epoch = { $who } ve otra época que esta mesa
withheld-still-sees-older = { $who } sigue viendo una época anterior a la de esta mesa
withheld-compare-epoch-words = { $sees }: comparen las palabras de la época de viva voz (watchfire status). Si no coinciden, el retransmisor muestra dos cosas distintas
