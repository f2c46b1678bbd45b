//! Names that are common in the United States: a reply may be signed.
//!
//! Names that are also words of an answer (Will, May, Mark, Grace …) are left out. A name that is not here only means
//! that the reply goes to a person.

use super::super::tags::Tag;
use super::List;

/// Given names and surnames.
pub(super) const LISTS: &[List] = &[(
    Tag::Name,
    "james, john, robert, michael, william, david, richard, joseph, thomas, charles, christopher, daniel, \
         matthew, anthony, steven, paul, andrew, joshua, kenneth, kevin, brian, george, timothy, ronald, edward, \
         jason, jeffrey, ryan, jacob, gary, nicholas, eric, jonathan, stephen, larry, justin, scott, brandon, \
         benjamin, samuel, gregory, alexander, frank, patrick, raymond, jack, dennis, jerry, tyler, aaron, jose, \
         adam, nathan, henry, douglas, zachary, peter, kyle, walter, ethan, jeremy, harold, keith, christian, roger, \
         noah, gerald, carl, terry, sean, arthur, lawrence, jesse, dylan, bryan, joe, jordan, billy, bruce, albert, \
         willie, gabriel, logan, alan, juan, wayne, roy, ralph, randy, eugene, vincent, russell, louis, philip, \
         bobby, johnny, bradley, mike, tom, bob, steve, dave, jim, dan, tim, ed, luis, carlos, miguel, pedro, jorge, \
         francisco, manuel, ricardo, roberto, fernando, rafael, javier, alejandro, antonio, mario, eduardo, sergio, \
         hector, oscar, raul, victor, martin, diego, ramon, enrique, arturo, ernesto, alberto, pablo, ruben, omar, \
         ivan, felipe, guillermo, gerardo, mary, patricia, jennifer, linda, elizabeth, barbara, susan, jessica, \
         sarah, karen, lisa, nancy, betty, sandra, margaret, ashley, kimberly, emily, donna, michelle, carol, amanda, \
         melissa, deborah, stephanie, rebecca, sharon, laura, cynthia, dorothy, amy, kathleen, angela, shirley, emma, \
         brenda, pamela, nicole, anna, samantha, katherine, christine, debra, rachel, carolyn, janet, catherine, \
         maria, heather, diane, ruth, julie, olivia, joyce, virginia, victoria, kelly, lauren, christina, joan, \
         evelyn, judith, megan, andrea, cheryl, hannah, jacqueline, martha, gloria, teresa, ann, anne, sara, madison, \
         frances, kathryn, janice, jean, abigail, alice, julia, judy, sophia, denise, amber, doris, marilyn, \
         danielle, beverly, isabella, theresa, diana, natalie, brittany, charlotte, marie, kayla, alexis, lori, tina, \
         tammy, helen, rosa, carmen, ana, guadalupe, juana, elena, isabel, lucia, sofia, adriana, alicia, silvia, \
         sylvia, claudia, gabriela, veronica, yolanda, leticia, norma, irma, beatriz, lourdes, luz, pilar, paula, \
         daniela, valentina, camila, fatima, priya, mei, wei, ahmed, mohammed, mohamed, ali, aisha, kate, katie, \
         jenny, sue, pam, deb, debbie, cindy, kathy, peggy, wanda, phyllis, lois, edna, rita, ethel, lillian, \
         josephine, eleanor, marcia, renee, yvonne, monica, erica, erin, tracy, stacy, dawn, robin, connie, sheila, \
         ellen, elaine, rhonda, gail, lynn, vanessa, crystal, tiffany, jamie, kim, tara, wendy, tanya, keisha, \
         latoya, jasmine, ebony, destiny, bonnie, marlene, maureen, colleen, eileen, geraldine, smith, johnson, \
         williams, jones, garcia, miller, davis, rodriguez, martinez, hernandez, lopez, gonzalez, gonzales, wilson, \
         anderson, taylor, moore, jackson, perez, thompson, harris, sanchez, clark, ramirez, lewis, robinson, walker, \
         wright, torres, nguyen, flores, adams, nelson, rivera, campbell, mitchell, carter, roberts, gomez, phillips, \
         evans, turner, diaz, parker, cruz, edwards, collins, reyes, stewart, morris, morales, murphy, rogers, \
         gutierrez, ortiz, morgan, peterson, bailey, reed, howard, ramos, cox, richardson, watson, brooks, chavez, \
         bennett, mendoza, ruiz, hughes, alvarez, castillo, sanders, patel, myers, ross, foster, jimenez, powell, \
         jenkins, perry, sullivan, vasquez, vazquez, romero, herrera, medina, aguilar, vargas, castro, guzman, \
         mendez, munoz, salazar, soto, delgado, pena, rios, alvarado, sandoval, contreras, dominguez, estrada, \
         ortega, nunez, kennedy, johnston, schmidt, singh, khan, tran, chen, wang, wong",
)];
