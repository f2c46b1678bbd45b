//! Names that are common in the United States: a reply may be signed.
//!
//! Names that are also words of an answer (Will, May, Mark, Grace …) are left out. A name that is not here only means
//! that the reply goes to a person.

use super::super::tags::Tag;
use super::List;

/// Given names and surnames.
pub(super) const LISTS: &[List] = &[(
    Tag::Name,
    "aaron, abigail, acosta, adam, adams, adriana, agnes, aguilar, aguirre, ahmed, aisha, alan, albert, alberto, \
     alejandro, alexander, alexis, alfred, alfredo, ali, alice, alicia, allen, alvarado, alvarez, amanda, amber, \
     amy, ana, anderson, andrea, andrew, andrews, angela, ann, anna, anne, annette, anthony, antonio, araceli, \
     arlene, armando, armstrong, arnold, arthur, arturo, ashley, audrey, avila, bailey, barbara, barrera, barry, \
     beatriz, becky, benjamin, bennett, bernice, bessie, betty, beverly, billy, bob, bobby, bonnie, boyd, \
     bradley, brandon, brenda, brian, brittany, brooks, bruce, bryan, bryant, burns, burton, butler, cabrera, \
     calderon, camacho, camila, campbell, cardenas, carl, carla, carlos, carmen, carol, carolyn, carroll, carter, \
     castillo, castro, catalina, catherine, cervantes, chapman, charlene, charles, charlotte, chavez, chen, \
     cheryl, chester, christian, christina, christine, christopher, cindy, clarence, clark, claudia, clifford, \
     cole, colleen, collins, connie, constance, consuelo, contreras, cortez, cox, crawford, cruz, crystal, \
     cunningham, curtis, cynthia, daniel, daniela, danielle, darlene, dave, david, davis, dawn, deb, debbie, \
     deborah, debra, delgado, denise, dennis, destiny, diana, diane, diaz, diego, dixon, doe, dolores, dominguez, \
     donna, doris, dorothy, douglas, duncan, dunn, dylan, earl, ebony, edith, edna, eduardo, edward, edwards, \
     eileen, elaine, eleanor, elena, elizabeth, ellen, ellie, elliott, ellis, elmer, emily, emma, enrique, eric, \
     erica, erin, erma, ernest, ernesto, esperanza, espinoza, esteban, esther, estrada, ethan, ethel, eugene, \
     eva, evans, evelyn, fatima, felipe, ferguson, fernandez, fernando, figueroa, florence, flores, floyd, \
     foster, frances, francisca, francisco, frank, franklin, fred, freeman, fuentes, fuller, gabriel, gabriela, \
     gail, garcia, gardner, garrett, gary, garza, george, gerald, geraldine, gerardo, gibson, gilbert, gladys, \
     glenda, glenn, gloria, gomez, gonzales, gonzalez, gordon, graciela, graham, greene, gregory, griffin, \
     guadalupe, guillermo, gutierrez, guzman, hamilton, hannah, hansen, harold, harper, harris, harrison, harry, \
     harvey, hayes, hazel, heather, hector, helen, henry, herbert, hernandez, herrera, hicks, holmes, howard, \
     howell, hudson, hughes, ibarra, ida, ignacio, irma, isabel, isabella, ivan, jack, jackson, jacob, \
     jacqueline, james, jamie, jane, janet, janice, jasmine, jason, javier, jean, jeanette, jeanne, jeff, \
     jeffrey, jenkins, jennifer, jenny, jeremy, jerry, jesse, jessica, jill, jim, jimenez, joan, joann, joanne, \
     joe, john, johnny, johnson, johnston, jonathan, jones, jordan, jorge, jose, josefina, joseph, josephine, \
     joshua, joyce, juan, juana, judith, judy, julia, julie, justin, karen, kate, katherine, kathleen, kathryn, \
     kathy, katie, kayla, keisha, keith, kelley, kelly, kennedy, kenneth, kevin, khan, kim, kimberly, kyle, \
     larry, latoya, laura, lauren, lawrence, lawson, lee, lena, leo, leonard, leroy, leticia, lewis, lillian, \
     linda, lisa, lloyd, logan, lois, lopez, loretta, lori, lorraine, louis, lourdes, lucero, lucia, luis, luz, \
     lynn, madison, maggie, maldonado, manuel, marcia, margaret, margarita, maria, maricela, marie, marilyn, \
     mario, marjorie, marlene, marquez, marshall, martha, martin, martinez, marvin, mary, matt, matthew, \
     matthews, maureen, mccarthy, mccoy, mcdonald, medina, megan, mei, mejia, melissa, melvin, mendez, mendoza, \
     meyer, michael, michelle, miguel, mike, mildred, miller, mitchell, mohamed, mohammed, molina, monica, \
     montgomery, montoya, moore, morales, morgan, morris, morrison, munoz, murphy, murray, myers, myrtle, nancy, \
     natalie, nathan, nellie, nelson, nguyen, nicholas, nicole, noah, norma, norman, nunez, obrien, ochoa, \
     oconnor, ofelia, olivia, olson, omar, oneil, opal, orozco, ortega, ortiz, oscar, owens, pablo, pacheco, \
     padilla, palmer, pam, pamela, parker, pat, patel, patricia, patrick, patty, paul, paula, pauline, payne, \
     pedro, peggy, pena, perez, perkins, perry, peter, peters, peterson, phil, philip, phillips, phyllis, pierce, \
     pilar, powell, priya, quintero, rachel, rafael, ralph, ramirez, ramon, ramos, randy, rangel, raul, raymond, \
     rebecca, reed, reid, rene, renee, reyes, reynolds, rhonda, ricardo, richard, richards, richardson, riley, \
     rios, rita, rivera, robert, roberta, roberto, roberts, robertson, robin, robinson, rodriguez, roger, rogers, \
     rojas, romero, ronald, rosa, rosalinda, rosario, rosemary, ross, roy, ruben, ruiz, russell, russo, ruth, \
     ryan, salazar, salinas, sally, samantha, samuel, sanchez, sanders, sandoval, sandra, sara, sarah, schmidt, \
     scott, sean, sergio, serrano, sgt, sharon, shaw, sheila, sherry, shirley, silvia, simmons, simpson, singh, \
     smith, snyder, socorro, sofia, solis, sophia, soto, spencer, stacy, stanley, stella, stephanie, stephen, \
     stephens, steve, steven, stevens, stewart, sue, sullivan, susan, suzanne, sylvia, tammy, tanya, tara, \
     taylor, teresa, terry, thelma, theodore, theresa, thomas, thompson, tiffany, tim, timothy, tina, tom, \
     torres, tracy, tran, trujillo, tucker, turner, tyler, valdez, valentina, vanessa, vargas, vasquez, vazquez, \
     velasquez, velma, vera, verna, vernon, veronica, vicki, vickie, victor, victoria, villarreal, vincent, \
     viola, virginia, vivian, wagner, walker, wallace, walt, walter, wanda, wang, warren, watkins, watson, wayne, \
     weaver, webb, wei, wendy, wheeler, william, williams, williamson, willie, willis, wilson, wright, yolanda, \
     yvonne, zachary, zamora",
)];
